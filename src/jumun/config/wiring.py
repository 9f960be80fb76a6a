"""The one file that knows every adapter and every event handler."""

from jumun.channels import registry
from jumun.claims.actions import follow_lines
from jumun.connectors.coupang.connector import CoupangConnector
from jumun.connectors.naver.connector import NaverConnector
from jumun.dispatch.actions import confirm_collected
from jumun.matching.automatic import look_after_collecting
from jumun.orders.events import (
    AddressesChanged,
    GoodsChanged,
    ItemsLeaving,
    ItemsMoved,
    ItemsRematched,
    LinesCollected,
    LinesRead,
    QuantitiesChanged,
    subscribe,
)
from jumun.packing.leaving import leave_changed, leave_unlike
from jumun.stock.following import follow_goods, follow_leaving, follow_moves, follow_quantities, follow_rematch


def plug_in() -> None:
    """Register every connector and subscribe every handler. Safe to call twice."""
    registry.register(NaverConnector)
    registry.register(CoupangConnector)
    subscribe(LinesCollected, confirm_collected)
    subscribe(LinesCollected, look_after_collecting)
    subscribe(LinesRead, follow_lines)
    subscribe(AddressesChanged, leave_changed)
    subscribe(ItemsMoved, follow_moves)
    subscribe(ItemsRematched, leave_unlike)
    subscribe(ItemsRematched, follow_rematch)
    subscribe(QuantitiesChanged, follow_quantities)
    subscribe(ItemsLeaving, follow_leaving)
    subscribe(GoodsChanged, follow_goods)
