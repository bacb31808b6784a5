"""The site's database and its migrations."""

import os

import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = pytest.mark.django_db


def test_migrations_match_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_can_be_reversed_and_applied_again(transactional_db):
    for app in ("common", "accounts"):
        call_command("migrate", app, "zero", verbosity=0)
    assert "accounts_person" not in connection.introspection.table_names()
    call_command("migrate", verbosity=0)
    assert "accounts_person" in connection.introspection.table_names()


def test_database_is_the_one_in_the_environment():
    expected = "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"
    assert connection.vendor == expected
