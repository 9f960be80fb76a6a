"""Making claims for tests the way a channel does: told on a line that is known."""

from datetime import timedelta
from typing import Any

from tests.making import House, make_line


def make_claim(
    house: House, order: str, *keys: str, kind: str = "return", stage: str = "requested", **more: Any
) -> Any:
    """Tell a claim about these lines of a known order; answers its row. Call within acting_as."""
    from jumun.channels.port import ClaimKind, ClaimSnapshot, ClaimStage
    from jumun.claims.models import Claim
    from jumun.orders.actions.catch_up import catch_up
    from jumun.orders.models import OrderLine

    claim_id = more.pop("claim_id", f"{order}-claim")
    told: dict[str, Any] = {
        "quantity": 1,
        "reason": "상품 파손",
        "requested_at": house.at - timedelta(hours=3),
        "changed_at": house.at - timedelta(hours=1),
        "stage_raw": f"{kind}_{stage}".upper(),
    }
    claim = ClaimSnapshot(ClaimKind(kind), ClaimStage(stage), claim_id, **(told | more))
    lines = [
        make_line(order, line.line_key, house.at, quantity=line.quantity, remaining=line.remaining, claims=(claim,))
        for line in OrderLine.objects.filter(order_number=order, line_key__in=keys)
    ]
    catch_up(house.account, lines, at=house.at)
    return Claim.objects.get(claim_id=claim_id)
