"""Tests of people and their email addresses."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from website.accounts.models import Person

pytestmark = pytest.mark.django_db


def test_person_is_found_regardless_of_case(ann):
    assert Person.objects.get_by_natural_key("ANN@EXAMPLE.ORG") == ann


def test_person_email_is_unique_regardless_of_case(ann):
    with pytest.raises(IntegrityError):
        Person.objects.create_user("aNN@example.org", name="Another Ann")


def test_person_email_duplicate_error_message(ann):
    with pytest.raises(ValidationError) as error:
        Person(email="ann@EXAMPLE.org", name="Another Ann", password="x").full_clean()
    assert "There is already someone with this email address." in error.value.messages


def test_person_needs_email():
    with pytest.raises(ValueError, match="email"):
        Person.objects.create_user("", name="Nobody")


def test_person_without_password_has_unusable_password(ann):
    assert not ann.has_usable_password()
