"""Which channel kinds exist. Adapters are plugged in by `config/wiring.py`; registered means tested."""

from jumun.channels.port import Connector, ConnectorClass, Session
from jumun.channels.profile import ChannelProfile
from jumun.core.errors import NotFoundError

MANUAL = "manual"
"""The channel of orders typed or uploaded by hand: no connector, nothing to be told."""

_CONNECTORS: dict[str, ConnectorClass] = {}


def register(connector: ConnectorClass) -> None:
    """Make a channel kind known. Registering the same kind twice keeps the later one."""
    _CONNECTORS[connector.profile.kind] = connector


def kinds() -> list[str]:
    """Every channel kind with a connector, in alphabetical order."""
    return sorted(_CONNECTORS)


def profiles() -> list[ChannelProfile]:
    """The profiles of all kinds, in alphabetical order of kind."""
    return [_CONNECTORS[kind].profile for kind in kinds()]


def find_profile(kind: str) -> ChannelProfile | None:
    """The profile of a kind, or None: `manual` accounts have no connector."""
    connector = _CONNECTORS.get(kind)
    return connector.profile if connector else None


def connect(kind: str, session: Session) -> Connector:
    """A connector for one account. Raises NotFoundError("unknown_channel")."""
    if kind not in _CONNECTORS:
        raise NotFoundError("unknown_channel")
    return _CONNECTORS[kind](session)
