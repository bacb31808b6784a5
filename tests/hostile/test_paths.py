"""Paths where a file is expected: unreadable folders and files, circular links, pipes, devices, names of any kind."""

import json
import os
import socket

import pytest

from tests.hostile.os_faults import NOBODY, make_notice, make_open_folder, read_state, run
from tests.merge.release_factory import World, load_and_build
from tests.size import pick_size
from threepoint import pipeline
from threepoint.errors import MAX_MESSAGE_CHARS, UserError, make_printable
from threepoint.pipeline import input_files
from threepoint.snapshot import SearchRequest, open_snapshot, search_records
from threepoint.store import raw_files

RIGHTS = "cannot be read (Permission denied); check that it exists and that you have permission to read it"


def write_notice(path, number=1):
    path.write_text(json.dumps(make_notice(number)))
    return path


def list_unread(output):
    """Return the messages about paths that were not read."""
    return [line.removeprefix("  not read: ") for line in output.splitlines() if line.startswith("  not read: ")]


def reports_one_file(output):
    return output.startswith("Read 1 file: 1 release,")


# ------------------------------------------------------------------------------------------- rights

SEARCHES = """
import sys
from pathlib import Path
import tantivy, threepoint.snapshot
NOBODY
with threepoint.snapshot.open_snapshot(Path(arguments[0])) as snapshot:
    print(threepoint.snapshot.search_records(snapshot, threepoint.snapshot.SearchRequest("contract", technology=False)).total)
""".replace("NOBODY", NOBODY.rpartition("sys.argv[1:] = arguments")[0])


def test_search_does_not_write_to_store():
    with make_open_folder() as place:
        file = write_notice(place / "good.json")
        assert run("load", file, "--store", place / "store")[0] == 0
        assert run("build", "--store", place / "store")[0] == 0
        before = read_state(place / "store")
        assert run(place / "store", program=SEARCHES) == (0, "1\n")
        with open_snapshot(place / "store") as snapshot:  # with permission to write
            assert search_records(snapshot, SearchRequest("contract", technology=False)).total == 1
        assert read_state(place / "store") == before


def test_load_skips_unreadable_files_in_folder():
    with make_open_folder() as place:
        (place / "in" / "secret").mkdir(parents=True)
        write_notice(place / "in" / "good.json")
        write_notice(place / "in" / "secret" / "inner.json", 2)
        write_notice(place / "in" / "locked.json", 3).chmod(0)
        (place / "in" / "secret").chmod(0)
        code, output = run("load", place / "in", "--store", place / "store", program=NOBODY)
        (place / "in" / "secret").chmod(0o700)
        assert (code, reports_one_file(output)) == (1, True)
        assert list_unread(output) == [f"{place}/in/{name} {RIGHTS}" for name in ("secret", "locked.json")]


def test_load_of_unreadable_file():
    with make_open_folder() as place:
        write_notice(place / "locked.json", 3).chmod(0)
        arguments = (place / "locked.json", write_notice(place / "good.json"), "--store", place / "store")
        code, output = run("load", *arguments, program=NOBODY)
        assert (code, reports_one_file(output), list_unread(output)) == (1, True, [f"{place}/locked.json {RIGHTS}"])
        code, output = run("check", place / "locked.json", program=NOBODY)
        assert (code, list_unread(output)) == (1, [f"{place}/locked.json {RIGHTS}"])


def test_load_of_file_in_unreadable_folder():
    with make_open_folder() as place:
        (place / "secret").mkdir()
        write_notice(place / "secret" / "inner.json")
        good = write_notice(place / "good.json", 2)
        (place / "secret").chmod(0)
        code, output = run("load", place / "secret" / "inner.json", good, "--store", place / "store", program=NOBODY)
        (place / "secret").chmod(0o700)
        assert (code, reports_one_file(output)) == (1, True)
        assert list_unread(output) == [f"{place}/secret/inner.json {RIGHTS}"]


@pytest.mark.parametrize(
    "command", pick_size([["load"], ["show", "x"]], [["load"], ["build"], ["status"], ["show", "x"]])
)
def test_store_without_permission(command):
    with make_open_folder() as place:
        file = write_notice(place / "good.json")
        assert run("load", file, "--store", place / "store")[0] == 0
        (place / "store").chmod(0)
        arguments = [*command, *([file] if command == ["load"] else [])]
        code, output = run(*arguments, "--store", place / "store", program=NOBODY)
        (place / "store").chmod(0o700)
        assert (code, output.count("\n")) == (1, 1)
        assert output.startswith(
            f"threepoint: the store {place}/store could not be used: you do not have permission to read or write there"
        )


def test_store_at_path_of_file(tmp_path, run_inside):
    file = write_notice(tmp_path / "good.json")
    code, output = run_inside("load", file, "--store", file)
    assert (code, "there is a file in the place of a folder; choose a folder with --store" in output) == (1, True)
    assert json.loads(file.read_text()) == make_notice(1)


# ------------------------------------------------------------------------------------------- links, pipes, devices


def test_load_reports_circular_and_broken_links(tmp_path):
    write_notice(tmp_path / "in.json")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "good.json").symlink_to("../in.json")  # a link to a file is followed
    (folder / "ring").symlink_to("ring")
    (folder / "nothing").symlink_to("not-there")
    (folder / "up").symlink_to("..")  # a folder that would contain itself
    code, output = run("load", folder, "--store", tmp_path / "store")
    assert (code, reports_one_file(output)) == (1, True)
    assert sorted(list_unread(output)) == [
        f"{folder}/nothing is a link to nothing; fix or remove it",
        f"{folder}/ring is a link that leads back to itself; fix or remove it",
    ]
    assert f"skipped: 1 × {input_files.LINKED_FOLDER_KIND}" in output
    for name, message in (("ring", "leads back to itself"), ("nothing", "link to nothing")):
        code, output = run("load", folder / name, tmp_path / "in.json", "--store", tmp_path / f"{name} store")
        assert (code, reports_one_file(output), message in output) == (1, True, True)


def test_load_does_not_wait_for_pipe(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    write_notice(folder / "good.json")
    code, output = run("load", folder, "--store", tmp_path / "store", timeout=60)
    skipped = f"skipped: 1 × {input_files.SPECIAL_FILE_KIND}"
    assert (code, reports_one_file(output), skipped in output) == (0, True, True)
    for command in ("load", "check"):
        code, output = run(command, folder / "pipe", timeout=60)
        assert (code, list_unread(output)) == (
            1, [f"{folder}/pipe is a pipe, socket or device, not a file; save its output to a file and load that"]
        )  # fmt: skip


def test_load_rejects_endless_device_and_socket(tmp_path):
    good, place = write_notice(tmp_path / "good.json"), tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        code, output = run("load", "/dev/zero", place, good, "--store", tmp_path / "store", timeout=60)
    assert (code, reports_one_file(output)) == (1, True)
    assert len(list_unread(output)) == 2


def test_read_of_growing_file_stops(tmp_path):
    path = tmp_path / "log.json"
    path.write_bytes(b"x" * (raw_files.BLOCK_BYTES + 1))
    blocks = raw_files._read_blocks(path)
    next(blocks)
    with path.open("ab") as file:
        file.write(b"x" * 3 * raw_files.BLOCK_BYTES)
    with pytest.raises(UserError, match="changed while it was read; load it again when nothing writes to it"):
        list(blocks)


GROWS = """
import pathlib
from threepoint.store import raw_files
fingerprint_file = raw_files.fingerprint_file
def fingerprint_growing_file(path):
    source = fingerprint_file(path)
    if path.name == "growing.json":
        path.write_text(path.read_text() + " ")
    return source
raw_files.fingerprint_file = fingerprint_growing_file
from threepoint.cli import main
main()
"""


def test_load_reports_changed_file_and_reads_others(tmp_path):
    write_notice(tmp_path / "growing.json")
    write_notice(tmp_path / "other.json", 2)
    code, output = run("load", tmp_path, "--store", tmp_path / "store", program=GROWS)
    assert (code, reports_one_file(output)) == (1, True)
    assert list_unread(output) == [
        f"{tmp_path}/growing.json changed while it was read; load it again when nothing writes to it"
    ]
    assert run("load", tmp_path, "--store", tmp_path / "store")[0] == 0  # the file no longer changes
    assert pipeline.status(tmp_path / "store")["tables"]["release"] == 2


# ------------------------------------------------------------------------------------------- names

NAMES = [
    b"[red] [bold].json", b"\x1b[31m\x07\nred", b"\xff\xfe.json", b"-", b" ", b"x" * 250, "\u202etxt.nosj".encode(),
    b"'; --",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_load_of_file_with_strange_name(name, tmp_path, run_inside):
    folder, store = tmp_path / "in", tmp_path / "store"
    folder.mkdir()
    for content, number in ((json.dumps(make_notice(1)).encode(), 0), (b'{"ocid": "cut', 1)):
        path = os.path.join(os.fsencode(folder), name)  # noqa: PTH118  # Path does not accept bytes
        with open(path, "wb") as file:  # noqa: PTH123  # Path does not accept bytes
            file.write(content)
        code, output = run_inside("load", folder, "--store", store)
        assert (code, reports_one_file(output)) == ((5, False) if number else (0, True))  # 5: nothing could be read
        assert output.endswith(f"Quarantined: {number}.\n")
    printable_name = make_printable(os.fsdecode(name))
    assert f"  quarantined: {printable_name}: this is not valid JSON" in output
    assert json.loads((store / "history" / "log" / "00000002.json").read_text())["sources"][0]["name"] == printable_name
    assert run_inside("load", folder, "--store", store, "--json")[0] == 0


def test_load_reports_too_long_path_and_reads_others(tmp_path, run_inside):
    good = write_notice(tmp_path / "good.json")
    code, output = run_inside("load", good, tmp_path / ("x" * 300), "--store", tmp_path / "store")
    assert (code, reports_one_file(output), "File name too long" in output) == (1, True, True)


def test_make_printable_escapes_control_characters():
    assert make_printable("a\x1b[31m\n\udcff\u202eb\x9b") == "a\\x1b[31m\\n\\udcff\\u202eb\\x9b"
    assert make_printable("plain – text’s £5 \\n") == "plain – text’s £5 \\n"
    long = make_printable("x" * 10_000)
    assert (len(long), "…" in long) == (MAX_MESSAGE_CHARS + 1, True)
    assert str(UserError("one\ntwo\x07")) == "one\ntwo\\x07"


TITLES = ["[/red] :smile:", "[bold]b[/bold]", "a\x1b[31mb", "nul\0l", "\u202eturned"]


def test_show_and_compare_escape_markup_in_titles(tmp_path, run_inside):
    world = World()
    ids = [world.add(make_notice(number, title=title)) for number, title in enumerate([*TITLES, "other"], 1)]
    load_and_build(tmp_path / "store", world.releases)
    *contracts, other = [f"{ocid}/contracts/1" for ocid in ids]
    for title, contract in zip(TITLES, contracts, strict=True):
        for command in (["show", contract], ["compare", contract, other]):
            code, output = run_inside(*command, "--store", tmp_path / "store")
            assert code == 0
            assert not {"\x1b", "\0", "\u202e"} & set(output)
            assert title.translate({0x1B: "\ufffd", 0: "\ufffd", 0x202E: "\ufffd"}) in output
        assert json.loads(run_inside("show", "--json", contract, "--store", tmp_path / "store")[1])["title"] == title
