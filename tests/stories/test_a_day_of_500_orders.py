"""The day for 500 Smartstore orders over REST: the mall's log shows each dispatch exactly once with our number."""

from collections import Counter

from tests.making import good_number

ORDERS = 500


def test_the_day(desk, running, token):
    """P1, P10, P17, P19, P20, P30–P35 over web and worker processes of their own."""
    desk.mall.orders(ORDERS, lines=[1, 3])
    running.start("worker")
    rest = running.serve(token)

    job = rest.wait(rest.post("/collections", accounts=[desk.account])["job"])
    assert job["status"] == "done", job
    there = desk.mall.state()["lines"]
    items = rest.items(status="paid")
    assert sorted(item["line_no"] for item in items) == sorted(there)
    assert len({item["order_number"] for item in items}) == ORDERS

    answer = rest.act("confirm", filter={"status": ["paid"]})
    assert (answer["done"], answer["refused_total"]) == (len(items), 0)
    job = rest.wait(answer["job"])
    assert (job["status"], job["done"], job["total"]) == ("done", len(items), len(items))
    assert rest.get("/items/counts")["statuses"]["preparing"] == len(items)

    answer = rest.act("release", filter={"status": ["preparing"]}, dry_run=True)
    assert (answer["done"], answer["batch"]) == (len(items), None)
    answer = rest.act("release", filter={"status": ["preparing"]})
    assert (answer["done"], answer["refused_total"], answer["job"]) == (len(items), 0, None)

    shipments = sorted({item["shipment"] for item in rest.items(status="ready")})
    numbers = {bundle: good_number(place) for place, bundle in enumerate(shipments)}
    rows = [{"bundle_no": bundle, "carrier": "cj", "number": number} for bundle, number in numbers.items()]
    answer = rest.post("/waybills", waybills=rows)
    assert (answer["done"], answer["refused_total"], answer["rows"]) == (len(items), 0, [])

    assert rest.act("hand_over", filter={"status": ["labelled"]})["done"] == len(items)
    answer = rest.act("transmit", filter={"status": ["shipped"]})
    job = rest.wait(answer["job"])
    assert (job["status"], job["done"]) == ("done", len(items))

    bundle_of = {item["line_no"]: item["shipment"] for item in rest.items(status="in_transit")}
    dispatched = desk.mall.effects("dispatch")
    assert set(Counter(effect["line_no"] for effect in dispatched).values()) == {1}
    assert {effect["line_no"]: effect["waybill"] for effect in dispatched} == {
        line: numbers[bundle] for line, bundle in bundle_of.items()
    }
    assert len(dispatched) == len(items)

    desk.mall.event("deliver", lines=sorted(there))
    assert rest.wait(rest.post("/syncs", accounts=[desk.account])["job"])["status"] == "done"
    assert rest.get("/items/counts")["statuses"]["delivered"] == len(items)
    desk.mall.event("settle", lines=sorted(there))
    assert rest.wait(rest.post("/syncs", accounts=[desk.account])["job"])["status"] == "done"
    assert rest.get("/items/counts")["statuses"]["settled"] == len(items)

    found = rest.get("/orders", number=items[0]["order_number"])["items"]
    order = rest.get(f"/orders/{found[0]['id']}")
    moves = [event["went_to"] for event in reversed(order["timeline"]) if event["item"] == order["items"][0]["id"]]
    steps = ["paid", "preparing", "ready", "labelled", "shipped", "in_transit", "delivered", "settled"]
    assert list(dict.fromkeys(moves)) == steps
