"""The site as a real process, started by either command."""

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
def env(tmp_path) -> dict[str, str]:
    """Environment variables of a site with a temporary data folder and a store without a snapshot."""
    return make_environment(tmp_path, tmp_path / "store")


def fetch(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return the status, headers and body of a response."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, dict(response.headers), response.read()
    except urllib.error.HTTPError as response:
        with response:
            return response.code, dict(response.headers), response.read()


def find_processes(text: str) -> list[int]:
    """Return the ids of processes with this text in their command line."""
    commands = {path.parent.name: path for path in Path("/proc").glob("[0-9]*/cmdline")}
    return [int(number) for number, path in commands.items() if text in read_command(path)]


def read_command(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # the process has ended
        return ""


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("stop_signal", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_site_responds_and_stops_all_its_processes(loopback, env, command, stop_signal):
    port = find_free_port()
    with run_site([*command, "--port", str(port), "--workers", "2"], env) as process:
        assert fetch(port, "/healthz")[::2] == (200, b"ok\n")
        process.send_signal(stop_signal)
        assert process.wait(timeout=30) == 0
    assert find_processes(str(port)) == []


def test_static_files_are_cached_and_compressed_and_pages_not_cached(loopback, env):
    port = find_free_port()
    with run_site(["-m", "website", "--port", str(port), "--workers", "1"], env):
        _, page_headers, page = fetch(port, "/")
        files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.decode())
        responses = [fetch(port, file, **{"Accept-Encoding": "br"}) for file in files]
        assert fetch(port, "/readyz")[0] == 503  # there is no snapshot
        assert fetch(port, "/", **{"Accept-Encoding": "gzip"})[1]["Content-Encoding"] == "gzip"
    assert "Cache-Control" not in page_headers
    assert {headers["Cache-Control"] for _, headers, _ in responses} == {"max-age=315360000, public, immutable"}
    assert {
        file.rpartition(".")[2]: headers.get("Content-Encoding")
        for file, (_, headers, _) in zip(files, responses, strict=True)
    } == {"css": "br", "js": "br", "svg": "br"}
    assert sum(len(body) for _, _, body in responses) < 60_000


def test_static_files_are_collected_again_only_after_a_change(loopback, env, tmp_path):
    manifest = tmp_path / "static" / "staticfiles.json"
    times = []
    for _ in range(2):
        with run_site(["-m", "website", "--port", str(find_free_port()), "--workers", "1"], env):
            times.append(manifest.stat().st_mtime_ns)
    (tmp_path / "static-made-from").write_text("other files")
    with run_site(["-m", "website", "--port", str(find_free_port()), "--workers", "1"], env):
        times.append(manifest.stat().st_mtime_ns)
    assert times[0] == times[1] < times[2]


def test_site_creates_its_tables_in_postgresql(loopback, env, postgres):
    port = find_free_port()
    with run_site(["-m", "website", "--port", str(port), "--workers", "1"], env | {"DATABASE_URL": postgres}):
        _, _, problems = fetch(port, "/readyz")
    assert "There is no snapshot" in problems.decode()
    assert "database" not in problems.decode()


def run(arguments: list[str], env: dict[str, str]) -> tuple[int, str]:
    """Run Python and return its exit code and error output."""
    process = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    return process.returncode, process.stderr


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_taken_port_is_reported_at_once(env, command):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        started = time.monotonic()
        code, stderr = run([*command, "--port", str(listener.getsockname()[1])], env)
    assert code != 0
    assert "--port" in stderr
    assert "Traceback" not in stderr
    assert time.monotonic() - started < 10


def test_site_refuses_other_machines_without_a_secret(env):
    code, stderr = run(["-m", "website", "--host", "0.0.0.0", "--port", str(find_free_port())], env)
    assert (code, "THREEPOINT_SITE_SECRET" in stderr, "Traceback" in stderr) == (2, True, False)


def test_site_refuses_other_machines_in_local_mode(env):
    env["THREEPOINT_SITE_LOCAL"] = "1"
    code, stderr = run(["-m", "website", "--host", "0.0.0.0", "--port", str(find_free_port())], env)
    assert (code, "this machine only" in stderr) == (2, True)


def test_site_without_gunicorn_says_what_to_install(monkeypatch):
    monkeypatch.setattr(site_server.importlib.util, "find_spec", lambda name: None if name == "gunicorn" else object())
    with pytest.raises(site_server.SiteStartError, match=r"gunicorn not found.*pip install"):
        site_server.check_may_serve("127.0.0.1", 0)


def test_public_settings_pass_django_deploy_check(env):
    env |= {"THREEPOINT_SITE_SECRET": os.urandom(40).hex(), "THREEPOINT_SITE_HOSTS": "threepoint.example"}
    assert run(["-m", "website", "manage", "check", "--deploy", "--fail-level", "INFO"], env) == (0, "")


def test_local_settings_refuse_public_host_names(env):
    env |= {"THREEPOINT_SITE_LOCAL": "1", "THREEPOINT_SITE_HOSTS": "threepoint.example"}
    code, stderr = run(["-m", "website", "manage", "check"], env)
    assert (code, "this machine only" in stderr) == (2, True)
