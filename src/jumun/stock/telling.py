"""What a channel may be told there is to sell (N20). Pure."""

from collections.abc import Iterable


def sellable(on_hand: int, reserved: int, safety: int) -> int:
    """Units a channel may sell: on hand, less what is promised, less what is kept back; never below none.

    >>> sellable(10, 3, 2), sellable(3, 2, 5)
    (5, 0)
    """
    return max(0, on_hand - reserved - safety)


def makeable(parts: Iterable[tuple[int, int]]) -> int:
    """Sets that can be made of (units there are, units of it in one set).

    >>> makeable([(7, 2), (9, 1)])
    3
    """
    return min((max(0, there) // each for there, each in parts), default=0)
