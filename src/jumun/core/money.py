"""Whole won. Amounts in other currencies are decimals beside their currency; nothing is ever a float."""

from collections.abc import Sequence


def prorate(amount: int, weights: Sequence[int]) -> list[int]:
    """Share a whole-won amount over parts in proportion to their weights, losing nothing.

    amount    won, 0 or more
    weights   one a part, 0 or more, not all 0
    returns   one whole-won share a part, in the order given; they add up to amount exactly and each is within
              1 won of its exact proportion; left-over won go to the largest fractions, ties to the earlier part

    Raises ValueError for a negative amount or weight, or when every weight is 0.
    Source: largest remainders (Hamilton); Balinski and Young, Fair Representation, 1982.

    >>> prorate(1_000, [1, 1, 1])
    [334, 333, 333]
    """
    whole = sum(weights)
    if amount < 0 or whole <= 0 or min(weights) < 0:
        raise ValueError(f"cannot share {amount} over {list(weights)}")
    shares = [amount * weight // whole for weight in weights]
    by_fraction = sorted(range(len(weights)), key=lambda i: -(amount * weights[i] % whole))
    for i in by_fraction[: amount - sum(shares)]:
        shares[i] += 1
    return shares
