"""`jumun company`: found a company with its first owner."""

import argparse
import secrets
from pathlib import Path

from jumun.cli.starting import application
from jumun.core.clock import now
from jumun.core.errors import ConflictError, JumunError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The company, its owner, and where the password comes from."""
    parser.add_argument("--slug", required=True, help="its short name in addresses: letters, digits and hyphens")
    parser.add_argument("--name", required=True, help="the company's name")
    parser.add_argument("--email", required=True, help="what the owner signs in with")
    parser.add_argument("--person", metavar="NAME", help="the owner's name (default: the e-mail's first part)")
    parser.add_argument(
        "--password-file", type=Path, help="file with the password in its first line (default: made up)"
    )


def run(options: argparse.Namespace) -> int:
    """Found it and print how to sign in. Status 1 when the slug is taken or something given is not valid."""
    given = _read_password(options.password_file)
    with application():
        from jumun.companies.actions import found_company
        from jumun.companies.queries import find_company_id, find_person_id

        _check(options)
        if find_company_id(options.slug) is not None:
            raise ConflictError("duplicate", field=options.slug)
        known = find_person_id(options.email) is not None
        password = given or secrets.token_urlsafe(12)
        found_company(
            name=options.name.strip(),
            slug=options.slug,
            owner_email=options.email,
            owner_name=options.person or options.email.partition("@")[0],
            password=password,
            at=now(),
        )
    print(f"address: /c/{options.slug}/\nlogin: {options.email.strip().lower()}")
    if known:
        print("password: as before, this person was known")
    elif not given:
        print(f"password: {password}")
    return 0


def _read_password(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        first = path.read_text().partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError):
        first = ""
    if not first:
        raise JumunError("invalid", field="--password-file")
    return first


def _check(options: argparse.Namespace) -> None:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email, validate_slug

    try:
        validate_email(options.email.strip())
    except ValidationError as problem:
        raise JumunError("invalid", field="--email") from problem
    try:
        validate_slug(options.slug)
    except ValidationError as problem:
        raise JumunError("invalid", field="--slug") from problem
    if len(options.slug) > 40:
        raise JumunError("invalid", field="--slug")
    if not options.name.strip():
        raise JumunError("invalid", field="--name")
