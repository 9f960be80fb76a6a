"""`jumun token`: print a new bearer token of the company's first owner, and nothing else."""

import argparse
import sys
from datetime import timedelta

from jumun.cli.starting import application
from jumun.core.clock import now


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose token, with which role, for how long."""
    parser.add_argument("--company", required=True, help="the company's short name, as in its address: demo")
    parser.add_argument("--role", default="owner", choices=["owner", "manager", "clerk", "packer", "viewer"])
    parser.add_argument("--name", default="command line", help="what lists of tokens show")
    parser.add_argument("--days", type=int, help="days until it expires (default: never)")


def run(options: argparse.Namespace) -> int:
    """Print the token. Status 1 when there is no such company."""
    if options.days is not None and not 0 < options.days <= 36_500:
        print("jumun: --days must be between 1 and 36500.", file=sys.stderr)
        return 1
    with application():
        from jumun.companies.queries import find_company_id, first_owner
        from jumun.companies.roles import Role
        from jumun.companies.tokens import make_token
        from jumun.core.tenancy import acting_as

        company_id = find_company_id(options.company)
        if company_id is None:
            print(f"jumun: there is no company {options.company!r} in this data folder.", file=sys.stderr)
            return 1
        at = now()
        with acting_as(company_id):
            bearer = make_token(
                company_id=company_id,
                person_id=first_owner(),
                name=options.name,
                role=Role(options.role),
                expires_at=at + timedelta(days=options.days) if options.days else None,
                at=at,
            )
    print(bearer)
    return 0
