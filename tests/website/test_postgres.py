"""All tests that use the database, run again on PostgreSQL, which can refuse what SQLite accepts."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_database_tests_pass_on_postgresql(postgres):
    arguments = ["-m", "pytest", "-q", "-m", "django_db", "-p", "no:cacheprovider", "tests/website"]
    env = os.environ | {"DATABASE_URL": postgres}
    process = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stdout + process.stderr
