"""The one file that knows every adapter and every event handler."""

from jumun.channels import registry
from jumun.connectors.naver.connector import NaverConnector
from jumun.dispatch.actions import confirm_collected
from jumun.orders.events import LinesCollected, subscribe


def plug_in() -> None:
    """Register every connector and subscribe every handler. Safe to call twice."""
    registry.register(NaverConnector)
    subscribe(LinesCollected, confirm_collected)
