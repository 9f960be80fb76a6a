"""단독형 to 조합형: from one SKU for each option value to one for each combination, which may carry stock (I28)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product as every_combination
from math import prod

from django.db import transaction

from jumun.catalog.fields import Upserted
from jumun.catalog.models import OptionKind, Product, Sku
from jumun.core.errors import JumunError, NotFoundError

MOST = 1_000
"""Combinations of one product."""
_SAID = re.compile(r"^\s*(?P<option>[^:=：]+?)\s*[:=：]\s*(?P<value>.+?)\s*$")


@dataclass(frozen=True, slots=True)
class Value:
    """One value of one option, as the SKU of it says: `색상: 블랙`."""

    code: str
    option_text: str


def combine_values(product: str, values: Sequence[Value]) -> list[tuple[str, str, list[str]]]:
    """Every combination: its code, its option text, and the codes of its values. Pure.

    Codes are the product's and what each value's code adds to it. A product of one option keeps its codes: its values
    are the combinations. Raises JumunError("option_not_read"), JumunError("too_many_combinations").

    >>> combine_values("T", [Value("T-BLK", "색상: 블랙"), Value("T-L", "사이즈: L")])
    [('T-BLK-L', '색상: 블랙 / 사이즈: L', ['T-BLK', 'T-L'])]
    """
    options: dict[str, list[Value]] = {}
    for value in values:
        said = _SAID.match(value.option_text)
        if said is None:
            raise JumunError("option_not_read", sku=value.code)
        options.setdefault(said["option"], []).append(value)
    count = prod(len(each) for each in options.values()) if options else 0
    if count > MOST:
        raise JumunError("too_many_combinations", count=count, most=MOST)
    if len(options) < 2:
        return [(value.code, value.option_text, [value.code]) for value in values]
    return [
        (
            "-".join((product, *(_ending(product, value.code) for value in chosen))),
            " / ".join(value.option_text.strip() for value in chosen),
            [value.code for value in chosen],
        )
        for chosen in every_combination(*options.values())
    ]


def _ending(product: str, code: str) -> str:
    return code.removeprefix(product).strip("-_ ") or code


def convert_to_combined(company_id: int, product_code: str) -> Upserted:
    """Make a product of independent options one of combined ones: its combinations become SKUs, six statements.

    The values stay as SKUs without stock, since orders and links may name them. A combination costs what its dearest
    value does; ship-from and supplier are kept where its values agree. Raises NotFoundError, JumunError("not_independent"),
    JumunError("duplicate") when another product has the code of a combination, and what `combine_values` raises.
    """
    with transaction.atomic():
        product = Product.objects.select_for_update().filter(code=product_code).first()
        if product is None:
            raise NotFoundError("not_found")
        if product.option_kind != OptionKind.INDEPENDENT:
            raise JumunError("not_independent")
        values = {row.code: row for row in Sku.objects.filter(product=product).order_by("id")}
        made = combine_values(product_code, [Value(row.code, row.option_text) for row in values.values()])
        codes = [code for code, _, _ in made]
        taken = Sku.objects.filter(code__in=codes).exclude(product=product).exists()
        if taken or len(set(codes)) < len(codes):
            raise JumunError("duplicate", field="sku code")
        Sku.objects.bulk_create(
            [_combination(company_id, product, code, text, [values[each] for each in of]) for code, text, of in made],
            update_conflicts=True,
            unique_fields=["company", "code"],
            update_fields=["stocked"],
        )
        product.option_kind = OptionKind.COMBINED
        product.save(update_fields=["option_kind"])
    remade = [values[code].id for code in codes if code in values and not values[code].stocked]
    return Upserted(1, len(made), remade=remade)


def _combination(company_id: int, product: Product, code: str, option_text: str, values: Sequence[Sku]) -> Sku:
    ship_froms, suppliers = ({getattr(each, name) for each in values} for name in ("ship_from_id", "supplier_id"))
    return Sku(
        company_id=company_id,
        product=product,
        code=code,
        name=product.name,
        option_text=option_text,
        price=max(each.price for each in values),
        cost=max(each.cost for each in values),
        ship_from_id=ship_froms.pop() if len(ship_froms) == 1 else None,
        supplier_id=suppliers.pop() if len(suppliers) == 1 else None,
        option_tags=list(dict.fromkeys(tag for each in values for tag in each.option_tags)),
        storage=max((each.storage for each in values), key=("", "chilled", "frozen").index),
        weight=max(each.weight for each in values),
        volume=max(each.volume for each in values),
        never_combine=any(each.never_combine for each in values),
        stocked=True,
    )
