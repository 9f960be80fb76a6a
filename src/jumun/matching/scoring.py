"""How well one SKU fits one listing, in points and reasons (C11, N19). Pure; docs/algorithms/matching.md has the words.

Guarantees: the same two give the same points; a pack the SKU itself has is never an order quantity; `certain` only when
every word, trait and count of either side is accounted for by the other, letter by letter.
"""

from dataclasses import dataclass
from itertools import pairwise

from jumun.matching.sounds import alike
from jumun.matching.tokens import Count, Reading, Sort, Trait, read_figures, read_spelled, read_text


@dataclass(frozen=True, slots=True)
class Listing:
    """What a channel says of one thing it sells: name, option's text, the seller's code, price of one in won (0: unknown)."""

    name: str
    option: str = ""
    code: str = ""
    price: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One SKU as the catalogue has it. `group` is its product: SKUs of one group share their name."""

    id: int
    code: str
    name: str
    option: str = ""
    price: int = 0
    group: str = ""
    barcode: str = ""
    further: tuple[str, ...] = ()
    """More barcodes."""
    own: str = ""
    """What its own name says beyond its product's: it tells it from the product's others, as an option does."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a SKU or against it: a stable code and the words it is about."""

    code: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """What came out for one SKU: points (100 and more is a full match), pieces in one ordered, why, whether nothing is open."""

    points: float
    quantity: int
    reasons: tuple[Reason, ...]
    certain: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A listing read. Traits of the option stand before those of the name; words keep apart."""

    name: Reading
    option: Reading
    price: int
    traits: dict[str, frozenset[str]]
    from_option: frozenset[str]
    """Kinds of traits the option itself speaks of."""
    counts: tuple[Count, ...]
    words: tuple[str, ...]
    figures: frozenset[str]
    spelled: frozenset[str]
    """Words of the name that taking apart reads as others (살구, 코튼) or leaves out though they may tell (반품, 베스트)."""
    """Every number with its signs, as written: what taking apart could lose (에어맥스 97, 85%, 1++)."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A SKU read."""

    name: Reading
    option: Reading
    price: int
    traits: dict[str, frozenset[str]]
    counts: tuple[Count, ...]
    words: tuple[str, ...]
    figures: frozenset[str]
    spelled: frozenset[str]
    """Words of the name that taking apart reads as others (살구, 코튼) or leaves out though they may tell (반품, 베스트)."""


WEIGHTS = {"colour": 1.0, "size": 1.0, "number": 0.9, "area": 1.0}
MEASURE = 1.1
COUNT = 0.8
WORD = 0.9
NAME_POINTS = 58
OPTION_POINTS = 14
PRICE_POINTS = 3
BASE = 25


def read_listing(listing: Listing) -> Wanted:
    """A listing, ready to be compared."""
    name, option = read_text(listing.name), read_text(listing.option, option=True)
    ours, theirs = _by_kind(option.traits), _by_kind(name.traits)
    return Wanted(
        name,
        option,
        listing.price,
        _together(theirs, ours),
        frozenset(ours),
        (*option.counts, *_not_said_before(name.counts, option.counts)),
        tuple(dict.fromkeys((*option.words, *name.words))),
        read_figures(listing.name, listing.option),
        read_spelled(listing.name),
    )


def read_entry(entry: Entry) -> Offered:
    """A SKU, ready to be compared."""
    name, option = read_text(entry.name), read_text(f"{entry.own} {entry.option}".strip(), option=True)
    ours, theirs = _by_kind(option.traits), _by_kind(name.traits)
    return Offered(
        name,
        option,
        entry.price,
        _together(theirs, ours),
        (*option.counts, *_not_said_before(name.counts, option.counts)),
        tuple(dict.fromkeys((*name.words, *option.words))),
        read_figures(entry.name, entry.own, entry.option),
        read_spelled(f"{entry.name} {entry.own}"),
    )


def _same_figures(wanted: Wanted, offered: Offered) -> bool:
    """Whether both say the same numbers, but for how many sets were bought."""
    sets = {str(count.number) for count in wanted.counts if count.sort is Sort.SET}
    return wanted.figures - sets == offered.figures - sets


def _same_traits(wanted: Wanted, offered: Offered) -> bool:
    """Whether name and option together say the same traits, and no kind twice: 상의 L / 하의 M is two ways round."""
    said, ours = wanted.name.traits | wanted.option.traits, offered.name.traits | offered.option.traits
    return said == ours and all(len(values) == 1 for values in _by_kind(ours).values())


def _together(theirs: dict[str, frozenset[str]], ours: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Traits of a name beside those of its option: 에어맥스 90 in 270 has two numbers."""
    return {(f"name {kind}" if kind in ours else kind): values for kind, values in theirs.items()} | ours


def _not_said_before(counts: tuple[Count, ...], said: tuple[Count, ...]) -> tuple[Count, ...]:
    """A number of the name that the option repeats is one number."""
    left = list(said)
    out = []
    for count in counts:
        if count in left:
            left.remove(count)
        else:
            out.append(count)
    return tuple(out)


def _by_kind(traits: frozenset[Trait]) -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for kind, value in traits:
        kinds.setdefault(kind, set()).add(value)
    return {kind: frozenset(values) for kind, values in kinds.items()}


def score_pair(wanted: Wanted, offered: Offered, name_share: float) -> Scored:
    """Points of one SKU for one listing; `name_share`, 0 to 1, is how much of the product's name the listing says."""
    reasons = [Reason("name", f"{round(name_share * 100)}")]
    traits, traits_certain = _score_traits(wanted, offered, reasons)
    counted, quantity, counts_certain = _score_counts(wanted, offered, reasons)
    words = _score_words(wanted, offered, reasons)
    price = _score_price(wanted.price, offered.price * quantity, reasons)
    points = BASE + NAME_POINTS * name_share + OPTION_POINTS * (traits + counted + words) + PRICE_POINTS * price
    certain = traits_certain and counts_certain and price >= 0
    certain = certain and _says_the_same(wanted, offered) and _same_figures(wanted, offered)
    certain = certain and _same_traits(wanted, offered) and wanted.spelled == offered.spelled
    return Scored(points, quantity, tuple(reasons), certain)


def _score_traits(wanted: Wanted, offered: Offered, reasons: list[Reason]) -> tuple[float, bool]:
    total, certain = 0.0, True
    for kind, values in offered.traits.items():
        weight = WEIGHTS.get(kind, MEASURE)
        said = wanted.traits.get(kind)
        if said is None:
            total -= 0.3 * weight
            certain = False
            reasons.append(Reason("not_said", " ".join(sorted(values))))
        elif said & values:
            total += weight * len(said & values) / len(values) - 0.1 * len(said - values)
            certain = certain and said == values
            reasons.append(Reason("same", " ".join(sorted(said & values))))
        else:
            total -= weight * (0.5 if kind == "colour" and _near_colours(said, values) else 1.0)
            certain = False
            reasons.append(Reason("differs", f"{' '.join(sorted(said))} ≠ {' '.join(sorted(values))}"))
    for kind in wanted.traits.keys() - offered.traits.keys():
        certain = False
        total -= 0.3 if kind in wanted.from_option else 0.08
    return total, certain


def _near_colours(one: frozenset[str], other: frozenset[str]) -> bool:
    return any(a.split()[-1] == b.split()[-1] for a in one for b in other)


def _score_counts(wanted: Wanted, offered: Offered, reasons: list[Reason]) -> tuple[float, int, bool]:
    """Numbers both have are the goods'; what is left of the listing's was bought so many times."""
    left, missing = list(wanted.counts), []
    total, quantity, certain = 0.0, 1, True
    for count in offered.counts:
        same = next((each for each in left if each.number == count.number), None)
        if same is None:
            missing.append(count)
        else:
            left.remove(same)
            certain = certain and same.sort is count.sort  # 10매 is not 10팩
            total += COUNT
            reasons.append(Reason("pack", str(count.number)))
    packs = [each for each in left if each.sort is Sort.PACK]
    for count in left:
        if count.sort is not Sort.PACK and not (missing and count.sort is Sort.PIECE):
            quantity *= count.number
            reasons.append(Reason("quantity", str(count.number)))
            certain = certain and count.sort is Sort.SET
    if missing and (packs or any(each.sort is Sort.PIECE for each in left)):
        total -= COUNT
        reasons.append(Reason("differs", " ".join(str(each.number) for each in missing)))
    else:
        total -= 0.3 * COUNT * len(missing) + 0.3 * COUNT * len(packs)
    return total, quantity, certain and not missing and not packs


def _score_words(wanted: Wanted, offered: Offered, reasons: list[Reason]) -> float:
    """Words of the options that are neither colour nor size: flavours, scents, designs."""
    total = 0.0
    name = frozenset(offered.name.words)
    for word in offered.option.words:
        where = wanted.option.words if word in name else wanted.words
        best = max((alike(word, said) for said in where), default=0.0)
        best = max(best, _alike_together(word, wanted))
        total += WORD * best if best else -0.35
        reasons.append(Reason("same" if best else "not_said", word))
    if wanted.option.words:
        known = (*offered.option.words, *offered.name.words)
        for said in wanted.option.words:
            if said not in name and max((alike(said, word) for word in known), default=0.0) == 0:
                total -= 0.3
    return total


def _alike_together(word: str, wanted: Wanted) -> float:
    """A word the listing writes apart (`화이트 머스크` for `화이트머스크`)."""
    option = wanted.option.words
    if len(option) < 2:
        return 0.0
    return max(alike(word, one + other) for one, other in pairwise(option))


def _score_price(listed: int, ours: int, reasons: list[Reason]) -> float:
    """1 for the same price, 0 for half or double or unknown, −1 beyond."""
    if not listed or not ours:
        return 0.0
    ratio = min(listed, ours) / max(listed, ours)
    if ratio > 0.8:
        reasons.append(Reason("price"))
    return 2 * ratio - 1 if ratio >= 0.5 else -1.0


def _says_the_same(wanted: Wanted, offered: Offered) -> bool:
    """Whether listing and SKU say the same words, no matter in which order and where they are written together.

    What a SKU's option says and its product's name says too (딸기 of 딸기잼 딸기) must stand in the listing's option.
    """
    said, ours = set(wanted.words), set(offered.words)
    twice = set(offered.option.words) & set(offered.name.words)
    doubled = {kind for kind, _ in offered.option.traits & offered.name.traits}
    if not ours or offered.name.repeats or not twice <= set(wanted.option.words) or not doubled <= wanted.from_option:
        return False
    more, fewer = said - ours, ours - said
    if not more and not fewer:
        return True
    return "".join(sorted("".join(more))) == "".join(sorted("".join(fewer))) and all(
        word in "".join(wanted.words) or any(each in word for each in more) for word in fewer
    )
