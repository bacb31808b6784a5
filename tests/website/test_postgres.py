"""Everything that asks for the database, once more on PostgreSQL: what SQLite lets pass, it may not."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_same_tests_pass_on_postgresql(postgres):
    words = ["-m", "pytest", "-q", "-m", "django_db", "-p", "no:cacheprovider", "tests/website"]
    here = os.environ | {"DATABASE_URL": postgres}
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=here, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
