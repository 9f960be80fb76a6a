"""How a selection lies over the channel accounts: what a clerk checks before a click about "all N"."""

from django.db import connection

from jumun.orders.selection import Selection


def count_by_account(chosen: Selection) -> list[tuple[int, str, str, int]]:
    """(account, its channel, its name, items chosen), most items first. One statement."""
    clause = chosen.clause()
    with connection.cursor() as run:
        run.execute(
            "SELECT c.account_id, a.channel, a.name, c.number"
            f"  FROM (SELECT i.account_id, count(*) AS number FROM orders_orderitem i WHERE {clause.over('i')} GROUP BY 1) AS c"
            "  JOIN channels_channelaccount a ON a.id = c.account_id ORDER BY c.number DESC, c.account_id",
            clause.params,
        )
        return [(int(row[0]), str(row[1]), str(row[2]), int(row[3])) for row in run.fetchall()]
