"""Fixtures of the site's tests, which run on SQLite in memory; `test_postgres.py` runs them again on PostgreSQL."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import Client

from website.accounts.models import Person


@pytest.fixture
def ann(db) -> Person:
    """A person who signs in."""
    return Person.objects.create_user("Ann@example.org", name="Ann Example")


@pytest.fixture
def reader(small_store, settings) -> Client:
    """A client that is not signed in; pytest-django fails a test that uses it and queries the database without `db`."""
    settings.STORE = small_store
    for cache in caches.all(initialized_only=True):
        cache.clear()
    return Client()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a temporary PostgreSQL server on a socket; tests are skipped where PostgreSQL is not installed."""
    if shutil.which("initdb") is None or (os.getuid() == 0 and not _has_user("postgres")):
        message = "PostgreSQL not found: needs initdb on the PATH and, for root, a user postgres"
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail(message)
        pytest.skip(message)
    folder = tempfile.mkdtemp(prefix="threepoint-pg-")  # short: the path of a socket has at most 107 bytes
    try:
        yield from _run(Path(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path) -> Iterator[str]:
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = str(folder / "data")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    _as_postgres("initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync")
    _as_postgres("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgres://postgres@/postgres?host={folder}"
    finally:
        _as_postgres("pg_ctl", "-D", data, "-m", "immediate", "stop")


def _as_postgres(program: str, *arguments: str) -> None:
    """Run a program as the user postgres if we are root: PostgreSQL refuses to run as root."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*prefix, str(shutil.which(program)), *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/")


def _has_user(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())
