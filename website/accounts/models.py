"""People who sign in."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class PersonManager(BaseUserManager["Person"]):
    """Create people, and find them by email regardless of upper and lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """Create a person; without a password they cannot sign in with one."""
        if not email:
            raise ValueError("a person needs an email address")
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email: str | None) -> "Person":
        return self.get(email__iexact=email)


class Person(AbstractBaseUser):
    """A person who signs in, with an email address and a name. Rules define permissions, not flags on this model."""

    email = models.EmailField(
        _("email address"),
        unique=True,
        error_messages={"unique": _("There is already someone with this email address.")},
    )
    name = models.CharField(_("full name"), max_length=200)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined = models.DateTimeField(_("joined"), auto_now_add=True)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            # People read Ann@example.org and ann@example.org as one address.
            models.UniqueConstraint(
                Lower("email"),
                name="one_person_an_email",
                violation_error_message=_("There is already someone with this email address."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email
