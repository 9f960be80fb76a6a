"""The address objects: shippingAddress, takingAddress, collectAddress, returnReceiveAddress."""

from __future__ import annotations

from typing import Any

from jumun.simulator.people import Person

SHIP_FROM: dict[str, Any] = {
    "addressType": "DOMESTIC",
    "name": "온산상회",
    "tel1": "050-0000-0000",
    "tel2": None,
    "zipCode": "44992",
    "baseAddress": "울산광역시 울주군 온산읍 당월로 9001",
    "detailedAddress": "가상물류센터 1층",
    "isRoadNameAddress": True,
    "city": "울주군",
    "state": "울산광역시",
    "country": "대한민국",
}


def write_address(person: Person) -> dict[str, Any]:
    """Return a shippingAddress."""
    return {
        "addressType": "DOMESTIC",
        "name": person.name,
        "tel1": person.tel,
        "tel2": person.second_tel,
        "zipCode": person.zip_code,
        "baseAddress": person.base_address,
        "detailedAddress": person.detailed_address,
        "isRoadNameAddress": True,
        "city": person.city,
        "state": person.state,
        "country": "대한민국",
        "pickupLocationType": "FRONT_OF_DOOR",
        "pickupLocationContent": None,
        "entryMethod": None,
        "entryMethodContent": None,
        "buildingManagementNo": None,
        "longitude": None,
        "latitude": None,
    }
