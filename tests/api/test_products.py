"""REST of the catalogue: products with all their fields, suppliers, by sheet, and the conversion (I28)."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client


def test_products_say_all_there_is_to_a_sku(api):
    assert api.post("/suppliers", {"suppliers": [{"code": "S", "name": "방앗간"}]}).body == {"suppliers": 1}
    skus = [
        {"code": "OIL", "price": 9_000, "cost": 4_000, "supplier": "S", "storage": "chilled", "barcodes": ["881"]},
        {"code": "SET", "parts": [{"sku": "OIL", "quantity": 2}], "never_combine": True, "option_tags": ["선물"]},
    ]
    body = {"products": [{"code": "F", "name": "참기름", "option_kind": "combined", "skus": skus}]}
    assert api.post("/products", body).body == {"products": 1, "skus": 2, "linked": 0, "independent": []}

    oil, gift = api.get("/skus?code=OIL,SET").body["items"]
    assert (oil["cost"], oil["supplier"], oil["storage"], oil["barcodes"]) == (4_000, "S", "chilled", ["881"])
    assert (gift["parts"], gift["never_combine"]) == ([{"sku": "OIL", "quantity": 2}], True)
    assert (gift["option_tags"], gift["option_kind"], gift["stocked"]) == (["선물"], "combined", True)
    assert [each["code"] for each in api.get("/suppliers").body["items"]] == ["S"]
    nested = [{"code": "F", "name": "참기름", "skus": [{"code": "BIG", "parts": [{"sku": "SET"}]}]}]
    assert api.post("/products", {"products": nested}).code == "set_in_set"


def test_independent_options_are_named_and_converted(api):
    skus = [{"code": "T-BLK", "option_text": "색상: 블랙"}, {"code": "T-L", "option_text": "사이즈: L"}]
    body = {"products": [{"code": "T", "name": "티셔츠", "option_kind": "independent", "skus": skus}]}
    [told] = api.post("/products", body).body["independent"]
    assert (told["product"], told["code"]) == ("T", "independent_options")
    assert api.get("/skus?code=T-BLK").body["items"][0]["stocked"] is False
    assert api.post("/products/combine", {"product": "T"}).body["skus"] == 1
    assert api.get("/skus?code=T-BLK-L").body["items"][0]["stocked"] is True
    assert api.post("/products/combine", {"product": "T"}).code == "not_independent"


def test_a_sheet_is_looked_at_first_and_then_put(api):
    sheet = (
        "상품코드,상품명,품목코드,옵션,판매가,원가,공급처,보관,세트구성,합포금지\n"
        'F,참기름,OIL,500ml,"9,000원",4000,방앗간,냉장,,\n'
        "F,참기름,PAIR,2병,17000,,,,OIL*2,예\n"
        "F,참기름,BAD,,구천원,,,,,\n"
        "F,참기름,OIL,,,,,,,\n"
    ).encode("utf-8-sig")

    def put(**more):
        return Client().post(
            "/api/v1/products/sheet",
            {"file": SimpleUploadedFile("products.csv", sheet), **more},
            headers={"Authorization": f"Bearer {api.token}"},
        )

    ahead = put(dry_run="true")
    assert ahead.status_code == 200, ahead.content
    wrong = [(row["row"], row["field"], row["code"]) for row in ahead.json()["rows"]]
    assert wrong == [(4, "price", "invalid"), (5, "code", "sheet_sku_twice")]
    assert api.get("/skus?code=OIL").body["items"] == []

    done = put().json()
    assert (done["products"], done["skus"], done["suppliers"]) == (1, 2, 1)
    oil, pair = api.get("/skus?code=OIL,PAIR").body["items"]
    assert (oil["price"], oil["cost"], oil["supplier"], oil["storage"]) == (9_000, 4_000, "방앗간", "chilled")
    assert (pair["parts"], pair["never_combine"]) == ([{"sku": "OIL", "quantity": 2}], True)
