"""Ranked suggestions: an index built once a catalogue, then every listing in a millisecond or two (C11, N19). Pure.

Bigrams of Hangul, whole Latin words and the sound of both find the products; `scoring` decides among their SKUs.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import log

from jumun.matching.scoring import Entry, Listing, Offered, Reason, Wanted, read_entry, read_listing, score_pair
from jumun.matching.sounds import sound
from jumun.matching.tokens import normalise, read_text

PRODUCTS = 24
"""How many products are looked at closely."""
NEAR = 0.55
"""A product further behind the best than this share is left out."""
MARGIN = 4.0
"""Points a certain SKU must be ahead of the next: the bar of automatic linking (docs/algorithms/matching.md)."""
UNKNOWN = 0.35
"""What a word that no product has weighs beside one that some have."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One SKU suggested: points of 100, pieces in one ordered, reasons; `certain` may be linked by itself where allowed."""

    sku: int
    points: float
    quantity: int
    reasons: tuple[Reason, ...]
    certain: bool = False


@dataclass(slots=True)
class _Product:
    skus: list[tuple[int, Offered]]
    features: frozenset[str]
    weight: float = 0.0


class Catalogue:
    """The index of one company's SKUs."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        groups: dict[str, list[Entry]] = defaultdict(list)
        known = list(entries)
        for entry in known:
            groups[entry.group or entry.code].append(entry)
        self._exact = {entry.code: entry.id for entry in known}
        self._codes = _codes_of(known)
        self._products = [_product(group) for group in groups.values()]
        found: dict[str, list[int]] = defaultdict(list)
        for place, product in enumerate(self._products):
            for feature in product.features:
                found[feature].append(place)
        self._places = dict(found)
        count = len(self._products)
        self._weights = {feature: log(1 + count / len(places)) for feature, places in found.items()}
        self._rare = log(1 + count) * UNKNOWN
        for product in self._products:
            product.weight = sum(self._weights[feature] for feature in product.features)

    def suggest(self, listing: Listing, *, most: int = 5) -> list[Candidate]:
        """The best SKUs for a listing, best first; none when no word of it is known."""
        wanted = read_listing(listing)
        by_code = self._exact.get(listing.code) or self._codes.get(_bare(listing.code)) if listing.code else None
        scored = [
            Candidate(sku, result.points, result.quantity, result.reasons, result.certain)
            for product, share in self._near(wanted)
            for sku, offered in product.skus
            for result in (score_pair(wanted, offered, share),)
        ]
        best = nlargest(most + 1, scored, key=lambda each: (each.points, -each.sku))
        best = [_capped(each) for each in _only_one_certain(best)[:most]]
        if by_code is None:
            return best
        named = next((each for each in scored if each.sku == by_code), Candidate(by_code, 0, 1, ()))
        first = Candidate(by_code, 100.0, named.quantity, (Reason("code", listing.code), *named.reasons))
        return [first, *(each for each in best if each.sku != by_code)][:most]

    def _near(self, wanted: Wanted) -> list[tuple[_Product, float]]:
        """Products that share the rarest of the listing's words, and how much of their names it says."""
        features = _features(wanted.words)
        shared: dict[int, float] = defaultdict(float)
        whole = 0.0
        for feature in features:
            weight = self._weights.get(feature)
            if weight is None:
                whole += 0 if feature[0] == "~" else self._rare
                continue
            if feature[0] != "~":
                whole += weight
            for place in self._places[feature]:
                shared[place] += weight
        near = nlargest(
            PRODUCTS,
            ((_share(weight, self._products[place].weight, whole), place) for place, weight in shared.items()),
        )
        return [(self._products[place], share) for share, place in near if share >= near[0][0] * NEAR]


def suggest_all(catalogue: Catalogue, listings: Sequence[Listing], *, most: int = 5) -> list[list[Candidate]]:
    """Suggestions of many listings, in their order; the same text is looked at once."""
    seen: dict[Listing, list[Candidate]] = {}
    return [
        seen.setdefault(each, catalogue.suggest(each, most=most)) if each not in seen else seen[each]
        for each in listings
    ]


def _share(shared: float, product: float, listing: float) -> float:
    said = min(1.0, shared / product) if product else 0.0
    heard = min(1.0, shared / listing) if listing else 0.0
    return 0.72 * said + 0.28 * heard


def _only_one_certain(best: list[Candidate]) -> list[Candidate]:
    """Certain is at most the first one, and only when the second is well behind."""
    out = []
    for place, each in enumerate(best):
        alone = place == 0 and (len(best) < 2 or best[1].points <= each.points - MARGIN)
        out.append(each if not each.certain or alone else Candidate(each.sku, each.points, each.quantity, each.reasons))
    return out


def _capped(each: Candidate) -> Candidate:
    return Candidate(each.sku, max(0.0, min(100.0, round(each.points, 1))), each.quantity, each.reasons, each.certain)


def _product(entries: list[Entry]) -> _Product:
    skus = [(entry.id, read_entry(entry)) for entry in entries]
    words = {word for _, offered in skus for word in offered.name.words}
    words |= {word for entry in entries for word in read_text(entry.own).words}
    return _Product(skus, frozenset(_features(words)))


def _features(words: Iterable[str]) -> set[str]:
    """What a word is found by: its bigrams, itself when Latin or single, and (`~`) its sound."""
    features: set[str] = set()
    for word in words:
        if "가" <= word[0] <= "힣" and len(word) > 1:
            features.update(word[place : place + 2] for place in range(len(word) - 1))
        else:
            features.add(word)
        heard = sound(word)
        if len(heard) >= 3:
            features.add(f"~{heard}")
    return features


def _codes_of(entries: Sequence[Entry]) -> dict[str, int]:
    """What is written bare leads to the one SKU that has it: by its code, else by a barcode. What two share leads nowhere."""
    found: dict[str, int] = {}
    for codes in (
        [(entry.code, entry.id) for entry in entries],
        [(code, entry.id) for entry in entries for code in (entry.barcode, *entry.further)],
    ):
        owners: dict[str, set[int]] = defaultdict(set)
        for code, sku in codes:
            if bare := _bare(code):
                owners[bare].add(sku)
        found = {bare: min(skus) if len(skus) == 1 else 0 for bare, skus in owners.items()} | found
    return {bare: sku for bare, sku in found.items() if sku}


def _bare(code: str) -> str:
    return "".join(character for character in normalise(code) if character.isalnum())
