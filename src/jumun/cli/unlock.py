"""`jumun unlock`: take a person's second factor and lock-out away, for those who run the server."""

import argparse
import sys

from jumun.cli.starting import application
from jumun.core.clock import now


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whom."""
    parser.add_argument("--email", required=True, help="what the person signs in with")


def run(options: argparse.Namespace) -> int:
    """Unlock them and write it into the trail of their companies. Status 1 when nobody has that e-mail."""
    with application():
        from axes.utils import reset

        from jumun.companies.members import find_person, list_company_ids
        from jumun.companies.second_factor import switch_off
        from jumun.companies.trail import Looker, note_access
        from jumun.core.tenancy import acting_as

        person_id = find_person(options.email)
        if person_id is None:
            print(f"jumun: nobody signs in with {options.email!r}.", file=sys.stderr)
            return 1
        had = switch_off(person_id)
        reset(username=options.email.strip().lower())
        for company_id in list_company_ids(person_id):
            with acting_as(company_id):
                who = Looker(company_id, None, "cli", None)
                note_access(who, did="second_factor_reset", subject=f"person:{person_id}", at=now())
    print("second factor: " + ("taken away; set it up anew under 내 계정" if had else "there was none"))
    print("lock-out: lifted")
    return 0
