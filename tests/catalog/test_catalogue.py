"""The catalogue: what a SKU says, suppliers, further barcodes, sets, and options that carry stock (I28)."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from jumun.catalog.actions import ProductFields, SkuFields, SupplierFields, put_products, put_suppliers
from jumun.catalog.models import Barcode, Product, SetPart, Sku
from jumun.catalog.options import Value, combine_values, convert_to_combined
from jumun.core.errors import JumunError


def put(house, *skus, code="P", kind=None):
    return put_products(house.company, [ProductFields(code, "참기름", list(skus), option_kind=kind)])


def refused(code, call, *args, **more):
    with pytest.raises(JumunError) as problem, transaction.atomic():
        call(*args, **more)
    assert problem.value.code == code


def test_what_is_not_given_stays_as_it_is(house):
    put_suppliers(house.company, [SupplierFields("S", "옛 이름"), SupplierFields("S", "방앗간")])
    full = SkuFields(
        "A", barcode="880", price=9_000, ship_from="main", supplier="S", option_tags=["여름", "여름", "신상"],
        cost=4_000, storage="chilled", never_combine=True, barcodes=["881", "882"],
    )  # fmt: skip
    put(house, full, SkuFields("B"))
    put(house, SkuFields("A", price=9_500))

    row = Sku.objects.get(code="A")
    assert (row.barcode, row.price, row.cost, row.storage) == ("880", 9_500, 4_000, "chilled")
    assert (row.never_combine, row.option_tags, row.supplier.name) == (True, ["여름", "신상"], "방앗간")
    assert set(Barcode.objects.values_list("code", flat=True)) == {"881", "882"}
    put(house, SkuFields("A", supplier="", barcodes=["883"]))
    assert Sku.objects.get(code="A").supplier is None
    assert [each.code for each in Barcode.objects.all()] == ["883"]


def test_a_barcode_is_of_one_sku(house):
    put(house, SkuFields("A", barcode="1", barcodes=["2"]), SkuFields("B", barcode="3"))
    for wrong in (
        SkuFields("B", barcodes=["2"]),
        SkuFields("B", barcodes=["1"]),
        SkuFields("B", barcode="2"),
    ):
        refused("barcode_taken", put, house, wrong)
    refused("barcode_taken", put, house, SkuFields("C", barcodes=["9"]), SkuFields("D", barcodes=["9"]))
    put(house, SkuFields("A", barcodes=[]), SkuFields("B", barcodes=["2"]))


def test_what_is_unknown_is_refused(house):
    refused("invalid", put, house, SkuFields("A", supplier="NOBODY"))
    refused("invalid", put, house, SkuFields("A", storage="warm"))
    refused("invalid", put, house, SkuFields("A"), kind="mixed")
    refused("unknown_sku", put, house, SkuFields("A", parts=[("NOPE", 1)]))
    refused("bad_quantity", put, house, SkuFields("A", parts=[("TSH-BLK-L", 0)]))
    assert not Product.objects.filter(code="P").exists()


def test_a_set_is_made_of_others_and_no_set_is_in_a_set(house):
    put(house, SkuFields("A"), SkuFields("B"), SkuFields("SET", parts=[("A", 2), ("B", 1)]))
    assert set(SetPart.objects.values_list("part__code", "quantity")) == {("A", 2), ("B", 1)}

    refused("set_in_set", put, house, SkuFields("BIG", parts=[("SET", 1)]))
    refused("set_in_set", put, house, SkuFields("A", parts=[("TSH-BLK-L", 1)]))
    refused("set_in_set", put, house, SkuFields("C", parts=[("D", 1)]), SkuFields("D", parts=[("B", 1)]))
    refused("set_in_set", put, house, SkuFields("E", parts=[("E", 1)]))
    put(house, SkuFields("SET", parts=[]), SkuFields("A", parts=[("B", 3)]))
    assert list(SetPart.objects.values_list("sku__code", "part__code", "quantity")) == [("A", "B", 3)]


def test_the_database_refuses_a_set_in_a_set_itself(house):
    put(house, SkuFields("A"), SkuFields("B"), SkuFields("SET", parts=[("A", 2)]))
    ids = dict(Sku.objects.values_list("code", "id"))
    for sku, part in (("B", "SET"), ("A", "B"), ("B", "B")):
        with pytest.raises(IntegrityError), transaction.atomic():
            SetPart.objects.create(company_id=house.company, sku_id=ids[sku], part_id=ids[part], quantity=1)
    put(house, SkuFields("OTHER", parts=[("B", 1)]))
    with pytest.raises(IntegrityError), transaction.atomic():
        SetPart.objects.filter(sku_id=ids["SET"]).update(part_id=Sku.objects.get(code="OTHER").id)


def test_as_many_statements_for_many_as_for_few(house):
    def count(many, name):
        skus = [SkuFields(f"{name}{n}", barcodes=[f"{name}b{n}"], option_tags=["x"]) for n in range(many)]
        skus.append(SkuFields(f"{name}SET", parts=[(f"{name}{n}", 1) for n in range(many)]))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            put(house, *skus, code=name)
        return len(asked)

    assert count(2, "few") == count(400, "many")


def test_values_of_independent_options_carry_no_stock_until_converted(house):
    """I28: the import names the product, and the conversion makes one SKU of each combination."""
    values = [
        SkuFields("P-BLK", option_text="색상: 블랙", price=9_000, ship_from="main"),
        SkuFields("P-WHT", option_text="색상=화이트", price=9_000, ship_from="main"),
        SkuFields("P-L", option_text="사이즈: L", price=10_000, ship_from="main", storage="frozen"),
    ]
    done = put(house, *values, kind="independent")
    assert list(done.independent) == ["P"]
    assert not Sku.objects.filter(product__code="P", stocked=True).exists()
    assert list(put(house, SkuFields("P-M", option_text="사이즈: M")).independent) == ["P"]

    assert convert_to_combined(house.company, "P").skus == 4

    made = Sku.objects.filter(product__code="P", stocked=True).order_by("code")
    assert [row.code for row in made] == ["P-BLK-L", "P-BLK-M", "P-WHT-L", "P-WHT-M"]
    assert (made[0].option_text, made[0].price, made[0].storage) == ("색상: 블랙 / 사이즈: L", 10_000, "frozen")
    assert (made[0].ship_from_id, made[1].ship_from_id) == (house.ship_from, None)
    assert Product.objects.get(code="P").option_kind == "combined"
    refused("not_independent", convert_to_combined, house.company, "P")
    refused("not_found", convert_to_combined, house.company, "NOPE")


def test_one_option_keeps_its_codes(house):
    put(house, SkuFields("P1", option_text="맛: 매운맛"), SkuFields("P2", option_text="맛: 순한맛"), kind="independent")
    convert_to_combined(house.company, "P")
    assert list(Sku.objects.filter(product__code="P").values_list("code", "stocked").order_by("code")) == [
        ("P1", True),
        ("P2", True),
    ]


def test_what_cannot_be_combined_says_why():
    with pytest.raises(JumunError) as problem:
        combine_values("P", [Value("A", "블랙")])
    assert problem.value.code == "option_not_read"
    many = [Value(f"{option}{n}", f"{option}: {n}") for option in "ab" for n in range(40)]
    with pytest.raises(JumunError) as problem:
        combine_values("P", many)
    assert problem.value.code == "too_many_combinations"
