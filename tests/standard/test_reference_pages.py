"""The pages in docs/reference/sdes are those that the definitions give."""

import pytest

from scripts.reference_pages import REFERENCE_FOLDER, build_pages, find_page_drift, main, write_pages


def test_reference_pages_match_definitions():
    assert find_page_drift(REFERENCE_FOLDER, build_pages()) == []


def test_find_page_drift_names_missing_drifted_and_stray_files(tmp_path):
    write_pages(tmp_path, {"index.md": "one\n", "schemas/a.json": "{}\n"})
    (tmp_path / "old.md").write_text("left over\n")
    expected = {"index.md": "two\n", "schemas/a.json": "{}\n", "new.md": "new\n"}
    assert find_page_drift(tmp_path, expected) == [
        "drifted: docs/reference/sdes/index.md", "missing: docs/reference/sdes/new.md",
        "stray: docs/reference/sdes/old.md",
    ]  # fmt: skip
    write_pages(tmp_path, expected)
    assert find_page_drift(tmp_path, expected) == []
    assert not (tmp_path / "old.md").exists()


def test_main_check_exits_until_pages_are_written(tmp_path, monkeypatch):
    monkeypatch.setattr("scripts.reference_pages.REFERENCE_FOLDER", tmp_path)
    with pytest.raises(SystemExit, match="Run `make docs`"):
        main(["--check"])
    main([])
    main(["--check"])
