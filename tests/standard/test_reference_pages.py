"""The reference pages follow the code: what stands in docs/reference/sdes is what the definitions say."""

import pytest

from scripts.reference_pages import FOLDER, drift, main, pages, write


def test_the_reference_pages_follow_the_code():
    assert drift(FOLDER, pages()) == []


def test_what_is_missing_drifted_or_stray_is_named(tmp_path):
    write(tmp_path, {"index.md": "one\n", "schemas/a.json": "{}\n"})
    (tmp_path / "old.md").write_text("left over\n")
    expected = {"index.md": "two\n", "schemas/a.json": "{}\n", "new.md": "new\n"}
    assert drift(tmp_path, expected) == [
        "drifted: docs/reference/sdes/index.md", "missing: docs/reference/sdes/new.md",
        "stray: docs/reference/sdes/old.md",
    ]  # fmt: skip
    write(tmp_path, expected)
    assert drift(tmp_path, expected) == []
    assert not (tmp_path / "old.md").exists()


def test_the_check_ends_well_or_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr("scripts.reference_pages.FOLDER", tmp_path)
    with pytest.raises(SystemExit, match="Run `make docs`"):
        main(["--check"])
    main([])
    main(["--check"])
