"""A person is one email address, however it is written."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from website.accounts.models import Person

pytestmark = pytest.mark.django_db


def test_a_person_is_found_however_the_address_is_capitalised(ann):
    assert Person.objects.get_by_natural_key("ANN@EXAMPLE.ORG") == ann


def test_two_people_cannot_share_an_address(ann):
    with pytest.raises(IntegrityError):
        Person.objects.create_user("aNN@example.org", name="Another Ann")


def test_a_form_is_told_in_words(ann):
    with pytest.raises(ValidationError) as told:
        Person(email="ann@EXAMPLE.org", name="Another Ann", password="x").full_clean()
    assert "There is already someone with this email address." in told.value.messages


def test_a_person_needs_an_address():
    with pytest.raises(ValueError, match="email"):
        Person.objects.create_user("", name="Nobody")


def test_without_a_password_no_password_fits(ann):
    assert not ann.has_usable_password()
