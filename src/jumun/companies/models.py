"""Companies, people, members, tokens, saved answers, access trail."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from jumun.companies.roles import Role


class Company(models.Model):
    """The tenant. Its own row is visible only to those who act for it."""

    name = models.TextField()
    slug = models.SlugField(max_length=40, unique=True)
    bundle_counter = models.BigIntegerField(default=0)
    """The last bundle number (묶음번호) given out; never reused."""
    release_needs_allocation = models.BooleanField(default=False, db_default=False)
    """Only what is fully reserved in stock is released."""
    hold_frees_stock = models.BooleanField(default=False, db_default=False)
    """What a person holds gives its stock back."""
    created_at = models.DateTimeField()


class People(BaseUserManager["Person"]):
    """Finds a person by e-mail, in any case."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person with this e-mail. Raises Person.DoesNotExist."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """A human with one sign-in, in one or several companies."""

    email = models.EmailField(unique=True)
    name = models.TextField()
    language = models.CharField(max_length=2, default="ko")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = People()


class Member(models.Model):
    """A person in a company, with a role."""

    company = models.ForeignKey(Company, models.CASCADE)
    person = models.ForeignKey(Person, models.CASCADE)
    role = models.CharField(max_length=10, choices=[(role.value, role.value) for role in Role])
    preferences = models.JSONField(default=dict, db_default={})
    """`companies.preferences.Preferences` as JSON: how this person wants this company's pages."""
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["company", "person"], name="member_once"),
            models.CheckConstraint(condition=models.Q(role__in=[role.value for role in Role]), name="member_role"),
        )


class ApiToken(models.Model):
    """A bearer token: a prefix to know it by, its role, scopes and expiry. The secret is never kept."""

    company = models.ForeignKey(Company, models.CASCADE)
    person = models.ForeignKey(Person, models.CASCADE)
    name = models.TextField()
    prefix = models.CharField(max_length=16)
    role = models.CharField(max_length=10)
    scopes = models.JSONField(default=list)
    """Permissions it is narrowed to; empty means all of its role."""
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)


class TokenDigest(models.Model):
    """SHA-256 of a token, and whose it is. The one row that is read before a company is known."""

    digest = models.CharField(max_length=64, primary_key=True)
    company_id = models.BigIntegerField()
    token_id = models.BigIntegerField()


class SavedAnswer(models.Model):
    """What an Idempotency-Key was answered with, saved in the transaction that did the work."""

    company = models.ForeignKey(Company, models.CASCADE)
    key = models.CharField(max_length=255)
    call = models.TextField()
    """Method and path."""
    fingerprint = models.CharField(max_length=64)
    """SHA-256 of the body and of whose key it is."""
    status = models.IntegerField(null=True)
    """HTTP status of the answer; null while the request is running."""
    body = models.TextField(default="")
    content_type = models.TextField(default="application/json")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["company", "key", "call"], name="saved_answer_once"),)


class AccessTrail(models.Model):
    """One look at, download or print of personal data. Insert-only, by month."""

    company = models.ForeignKey(Company, models.DO_NOTHING, db_constraint=False)
    at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)
    via = models.TextField()
    """How they came: "web", "token:<prefix>", "cli"."""
    ip = models.GenericIPAddressField(null=True)
    did = models.TextField()
    """view, export, download, print, sign_in, sign_in_failed, sign_out …"""
    subject = models.TextField()
    """What it was about: "order:123", "orders:84". Never the data itself."""
    reason = models.TextField(default="")


class PersonSession(AbstractBaseSession):
    """A browser that is signed in: whose it is, so that a person can see and end their own."""

    person_id = models.BigIntegerField(null=True, db_index=True)
    ip = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, default="")
    begun_at = models.DateTimeField(null=True)


class SecondFactor(models.Model):
    """A person's authenticator app (TOTP). In force once confirmed."""

    person = models.OneToOneField(Person, models.CASCADE)
    sealed = models.TextField()
    """The shared secret, encrypted."""
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    """The time step of the newest code accepted: no code works twice."""


class RecoveryCode(models.Model):
    """One way in without the authenticator app, once. Only its digest is kept."""

    person = models.ForeignKey(Person, models.CASCADE)
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "digest"], name="recovery_code_once"),)
