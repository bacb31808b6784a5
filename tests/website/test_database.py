"""The database: its migrations say all that the models do, and it is the one that was asked for."""

import os

import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = pytest.mark.django_db


def test_migrations_say_all_that_the_models_do():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_go_back_to_nothing_and_forward_again(transactional_db):
    for app in ("common", "accounts"):
        call_command("migrate", app, "zero", verbosity=0)
    assert "accounts_person" not in connection.introspection.table_names()
    call_command("migrate", verbosity=0)
    assert "accounts_person" in connection.introspection.table_names()


def test_the_database_is_the_one_that_was_asked_for():
    asked = "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"
    assert connection.vendor == asked
