"""One of two processes that want the same stock: told on stdin what to do, says on stdout what it got."""

import json
import os
import sys


def main() -> None:
    """A line in is {"do": …, "company": …, "items": […], "rows": […]}; a line out what was left, or the error."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jumun.config.settings")
    import django

    django.setup()
    from django.db import connection

    from jumun.core.clock import now
    from jumun.core.tenancy import acting_as
    from jumun.matching.links import ListingRef, NewLink, put_links
    from jumun.orders.actions.cancel import cancel
    from jumun.orders.actions.hand_over import hand_over
    from jumun.orders.selection import Selection
    from jumun.stock.reserving import list_releasing, release_rows, reserve_rows, start_reserving

    print("ready", flush=True)
    for line in sys.stdin:
        told = json.loads(line)
        try:
            for _ in range(told.get("again", 0)):
                with acting_as(told["company"]), connection.cursor() as cursor:
                    start_reserving(cursor)
                    cursor.executemany("INSERT INTO reserving VALUES (%s, %s, %s, %s)", told["rows"])
                    reserve_rows(cursor, batch=None, by=None, at=now())
                with acting_as(told["company"]), connection.cursor() as cursor:
                    list_releasing(cursor, told["items"])
                    release_rows(cursor, batch=None, by=None, at=now())
            with acting_as(told["company"]):
                if told["do"] == "reserve":
                    with connection.cursor() as cursor:
                        start_reserving(cursor)
                        cursor.executemany("INSERT INTO reserving VALUES (%s, %s, %s, %s)", told["rows"])
                        left = reserve_rows(cursor, batch=None, by=None, at=now())
                    said = [(refusal.id, refusal.code) for refusal in left]
                elif told["do"] == "release":
                    with connection.cursor() as cursor:
                        list_releasing(cursor, told["items"])
                        release_rows(cursor, batch=None, by=None, at=now())
                    said = []
                elif told["do"] == "link":
                    listing = ListingRef(told["account"], "PA", "온산 순면 라운드 티셔츠", "O1", "블랙 / L")
                    put_links([NewLink(listing=listing, parts=[(told["sku"], 1)])], by=None, at=now())
                    said = []
                else:
                    act = {"hand_over": hand_over, "cancel": cancel}[told["do"]]
                    outcome = act(Selection(ids=tuple(told["items"])), by=None, at=now())
                    said = [outcome.done]
            print(json.dumps(said), flush=True)
        except Exception as failure:
            print(json.dumps(f"{type(failure).__name__}: {failure}"), flush=True)


if __name__ == "__main__":
    main()
