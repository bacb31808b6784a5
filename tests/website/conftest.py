"""What tests of the site stand on. They run on SQLite in memory; test_postgres.py runs them again on PostgreSQL."""

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
    """Someone who is not signed in. No test that names this may ask the database: pytest-django refuses it."""
    settings.STORE = small_store
    for held in caches.all(initialized_only=True):
        held.clear()
    return Client()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of our own, answering on a socket in a folder that goes; skipped where there is none."""
    if shutil.which("initdb") is None or (os.getuid() == 0 and not _has_user("postgres")):
        message = "no PostgreSQL here to run (initdb on the PATH; and for root, a user postgres)"
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail(message)
        pytest.skip(message)
    folder = tempfile.mkdtemp(prefix="threepoint-pg-")  # short: the path of a socket may have 107 bytes
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


def _as_postgres(program: str, *words: str) -> None:
    """PostgreSQL refuses to run as root."""
    lower = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*lower, str(shutil.which(program)), *words], check=True, stdout=subprocess.DEVNULL, cwd="/")


def _has_user(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())
