"""The one file that knows every adapter and every event handler."""

from jumun.channels import registry
from jumun.connectors.naver.connector import NaverConnector


def plug_in() -> None:
    """Register every connector and subscribe every handler. Safe to call twice."""
    registry.register(NaverConnector)
