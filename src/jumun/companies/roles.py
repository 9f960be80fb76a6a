"""Who may do what: one table of roles and permissions. Pure."""

from enum import StrEnum


class Role(StrEnum):
    """A member's place in a company, widest first."""

    OWNER = "owner"
    MANAGER = "manager"
    CLERK = "clerk"
    PACKER = "packer"
    VIEWER = "viewer"


class May(StrEnum):
    """One thing a member may do. Tokens are narrowed to some of their role's permissions (scopes)."""

    READ = "read"
    """Lists, orders, jobs; recipients masked."""
    PERSONAL = "personal"
    """See recipients in clear, each look written to the trail."""
    MOVE = "move"
    """Confirm, release, hold, waybills, transmit, undo."""
    PACK = "pack"
    """Waybills, hand over."""
    COLLECT = "collect"
    CATALOG = "catalog"
    GAPS = "gaps"
    """Say why a stretch of time that could not be collected may be let go (R16)."""
    ACCOUNTS = "accounts"
    """Channel accounts and their credentials."""
    PEOPLE = "people"
    """Members, roles, tokens of others, the access trail."""
    TOKENS = "tokens"
    """One's own API tokens."""


_VIEW = frozenset({May.READ})
_PACK = _VIEW | {May.PACK}
_CLERK = _PACK | {May.MOVE, May.COLLECT, May.PERSONAL, May.CATALOG, May.TOKENS}
_MANAGER = _CLERK | {May.ACCOUNTS}

PERMISSIONS: dict[Role, frozenset[May]] = {
    Role.OWNER: frozenset(May),
    Role.MANAGER: _MANAGER,
    Role.CLERK: _CLERK,
    Role.PACKER: _PACK,
    Role.VIEWER: _VIEW,
}

ROLE_LABELS: dict[Role, tuple[str, str]] = {
    Role.OWNER: ("소유자", "Owner"),
    Role.MANAGER: ("관리자", "Manager"),
    Role.CLERK: ("주문 담당", "Clerk"),
    Role.PACKER: ("출고 담당", "Packer"),
    Role.VIEWER: ("보기 전용", "Viewer"),
}


PACKER_ACTIONS = ("hand_over", "label", "relabel")
"""What May.PACK is enough for, to do and to take back; every other action with items needs May.MOVE."""


def reaches(may: frozenset[May], action: str) -> bool:
    """Whether these permissions are enough for an action with items, or for taking a batch of it back."""
    return May.MOVE in may or (action in PACKER_ACTIONS and May.PACK in may)


def permissions_of(role: Role, scopes: frozenset[May] | None = None) -> frozenset[May]:
    """What a role may do; with `scopes`, never more than both."""
    whole = PERMISSIONS[role]
    return whole if scopes is None else whole & scopes
