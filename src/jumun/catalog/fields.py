"""What is given of a product, its SKUs and a supplier: `None` leaves what stands, or is empty for what is new."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SkuFields:
    """One SKU as given; `code` is its identity."""

    code: str
    name: str | None = None
    option_text: str | None = None
    barcode: str | None = None
    price: int | None = None
    ship_from: str | None = None
    """Code of a ship-from; "" is none."""
    supplier: str | None = None
    """Code of a supplier; "" is none."""
    option_tags: Sequence[str] | None = None
    cost: int | None = None
    """won"""
    storage: str | None = None
    weight: int | None = None
    """grams"""
    volume: int | None = None
    """cm³"""
    never_combine: bool | None = None
    barcodes: Sequence[str] | None = None
    """Further ones: all of them."""
    parts: Sequence[tuple[str, int]] | None = None
    """What a set is made of, codes and how many of each: all of it."""


@dataclass(frozen=True, slots=True)
class ProductFields:
    """One product with its SKUs; `code` is its identity."""

    code: str
    name: str
    skus: Sequence[SkuFields] = field(default_factory=tuple)
    option_kind: str | None = None
    """"combined", "independent" or "" (I28)."""


@dataclass(frozen=True, slots=True)
class SupplierFields:
    """One supplier as given; `code` is its identity."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Upserted:
    """How many products and SKUs were written; `independent` are the codes of products that carry no stock (I28).

    `remade` are ids of SKUs that were there and are made of other parts, or carry stock no longer or only now.
    """

    products: int
    skus: int
    independent: Sequence[str] = ()
    remade: Sequence[int] = ()
