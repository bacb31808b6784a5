"""The site started for real, by either command: it answers, it ends when told, and it leaves nothing running."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.live_server import ROOT, find_free_port, make_environment, run_site
from threepoint import site_server

COMMANDS = {"python -m website": ["-m", "website"], "threepoint serve": ["-m", "threepoint", "serve"]}


@pytest.fixture
def told(tmp_path) -> dict[str, str]:
    """What the site is told by its environment: a folder, and a store without a snapshot."""
    return make_environment(tmp_path, tmp_path / "store")


def ask(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(asked) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, dict(answer.headers), answer.read()


def find_processes(text: str) -> list[int]:
    """The processes whose command names it."""
    commands = {path.parent.name: path for path in Path("/proc").glob("[0-9]*/cmdline")}
    return [int(number) for number, path in commands.items() if text in read(path)]


def read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # it ended meanwhile
        return ""


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("told_to_end", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_it_answers_and_ends_and_leaves_nothing(loopback, told, words, told_to_end):
    port = find_free_port()
    with run_site([*words, "--port", str(port), "--workers", "2"], told) as process:
        assert ask(port, "/healthz")[::2] == (200, b"ok\n")
        process.send_signal(told_to_end)
        assert process.wait(timeout=30) == 0
    assert find_processes(str(port)) == []


def test_files_keep_for_ever_and_travel_small_and_pages_do_not_keep(loopback, told):
    port = find_free_port()
    with run_site(["-m", "website", "--port", str(port), "--workers", "1"], told):
        _, page, text = ask(port, "/")
        files = re.findall(r'(?:href|src)="(/static/[^"]+)"', text.decode())
        answers = [ask(port, file, **{"Accept-Encoding": "br"}) for file in files]
        assert ask(port, "/readyz")[0] == 503  # there is no snapshot
        assert ask(port, "/", **{"Accept-Encoding": "gzip"})[1]["Content-Encoding"] == "gzip"
    assert "Cache-Control" not in page
    assert {said["Cache-Control"] for _, said, _ in answers} == {"max-age=315360000, public, immutable"}
    assert {file.rpartition(".")[2]: said.get("Content-Encoding") for file, (_, said, _) in zip(files, answers, strict=True)} == {
        "css": "br", "js": "br", "svg": "br"
    }  # fmt: skip
    assert sum(len(body) for _, _, body in answers) < 60_000


def test_files_are_made_anew_only_when_they_changed(loopback, told, tmp_path):
    made = tmp_path / "static" / "staticfiles.json"
    times = []
    for _ in range(2):
        with run_site(["-m", "website", "--port", str(find_free_port()), "--workers", "1"], told):
            times.append(made.stat().st_mtime_ns)
    (tmp_path / "static-made-from").write_text("other files")
    with run_site(["-m", "website", "--port", str(find_free_port()), "--workers", "1"], told):
        times.append(made.stat().st_mtime_ns)
    assert times[0] == times[1] < times[2]


def test_it_makes_its_tables_in_postgresql_by_itself(loopback, told, postgres):
    port = find_free_port()
    with run_site(["-m", "website", "--port", str(port), "--workers", "1"], told | {"DATABASE_URL": postgres}):
        _, _, missing = ask(port, "/readyz")
    assert "There is no snapshot" in missing.decode()
    assert "database" not in missing.decode()


def run(words: list[str], told: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_taken_port_is_said_at_once(told, words):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        started = time.monotonic()
        code, said = run([*words, "--port", str(taken.getsockname()[1])], told)
    assert code != 0
    assert "--port" in said
    assert "Traceback" not in said
    assert time.monotonic() - started < 10


def test_it_does_not_serve_others_without_a_secret(told):
    code, said = run(["-m", "website", "--host", "0.0.0.0", "--port", str(find_free_port())], told)
    assert (code, "THREEPOINT_SITE_SECRET" in said, "Traceback" in said) == (2, True, False)


def test_it_does_not_serve_others_as_if_they_were_here(told):
    told["THREEPOINT_SITE_LOCAL"] = "1"
    code, said = run(["-m", "website", "--host", "0.0.0.0", "--port", str(find_free_port())], told)
    assert (code, "this machine alone" in said) == (2, True)


def test_serving_says_what_to_install(monkeypatch):
    monkeypatch.setattr(site_server.importlib.util, "find_spec", lambda name: None if name == "gunicorn" else object())
    with pytest.raises(site_server.SiteStartError, match=r"gunicorn not found.*pip install"):
        site_server.check_may_serve("127.0.0.1", 0)


def test_the_settings_for_others_pass_djangos_own_check(told):
    told |= {"THREEPOINT_SITE_SECRET": os.urandom(40).hex(), "THREEPOINT_SITE_HOSTS": "threepoint.example"}
    assert run(["-m", "website", "manage", "check", "--deploy", "--fail-level", "INFO"], told) == (0, "")


def test_local_settings_refuse_names_for_others(told):
    told |= {"THREEPOINT_SITE_LOCAL": "1", "THREEPOINT_SITE_HOSTS": "threepoint.example"}
    code, said = run(["-m", "website", "manage", "check"], told)
    assert (code, "this machine alone" in said) == (2, True)
