"""Two people register the same order number at the same moment (Q7): one order, and the other is told which."""

import threading
from dataclasses import replace

from tests.intake.test_single_entry import GOOD
from tests.making import open_house

from jumun.core.tenancy import acting_as
from jumun.intake.single_entry import Registered, register
from jumun.orders.models import Order, Recipient


def test_q7_of_two_at_once_one_goes_in_and_the_other_is_refused(committed, noon):
    from django.db import connection

    house = open_house(noon)
    start = threading.Barrier(4)
    answers: dict[str, Registered] = {}

    def enter(name: str) -> None:
        start.wait()
        with acting_as(house.company):
            orders = [replace(GOOD, account="store", name=name, number=f"H-{place}") for place in range(50)]
            answers[name] = register(orders, by=house.owner, at=house.at)
        connection.close()

    threads = [threading.Thread(target=enter, args=(name,)) for name in ("하나", "두울", "세엣", "네엣")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with acting_as(house.company):
        assert Order.objects.count() == 50
        [winner] = set(Recipient.objects.values_list("name", flat=True))
    assert [len(answers[name].entered) for name in answers if name != winner] == [0, 0, 0]
    assert len(answers[winner].entered) == 50
    ids = {each.number: each.order_id for each in answers[winner].entered}
    for name, answer in answers.items():
        if name != winner:
            assert {each.number: each.known for each in answer.refused} == ids
