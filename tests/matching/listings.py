"""A catalogue of 5,000 SKUs and 3,000 messy listings with the truth, from a seed and a vocabulary."""

import random
import re
from dataclasses import dataclass, field

from tests.matching.vocabulary import Vocabulary

from jumun.matching.scoring import Entry, Listing

SIZES = ("S", "M", "L", "XL", "2XL")
NUMBERS = ("230", "235", "240", "245", "250", "255", "260")
SHOES = ("부츠", "스니커즈", "러닝화", "로퍼", "슬리퍼")
SHARE = {"fashion": 1800, "food": 1200, "household": 1100, "electronics": 900}


@dataclass
class Goods:
    """One product as the shop keeps it; each SKU is (code, the option's values)."""

    code: str
    kind: str
    words: list[str]
    tail: str
    """Measures and packs in its name."""
    axes: list[str]
    """What its options are: colour, size, number, flavour, scent, measure."""
    skus: list[tuple[str, tuple[str, ...]]]
    price: int
    flat: bool = False

    @property
    def name(self) -> str:
        return " ".join([*self.words, self.tail]).strip()


@dataclass(frozen=True)
class Truth:
    """One listing, and what it is: `sku` empty for goods not in the catalogue and for those nobody could tell."""

    listing: Listing
    sku: str = ""
    quantity: int = 1
    why: str = "right"


@dataclass
class Shop:
    """What came out."""

    entries: list[Entry] = field(default_factory=list)
    goods: list[Goods] = field(default_factory=list)
    spare: list[Goods] = field(default_factory=list)
    """Goods of the same kinds that are not in the catalogue."""


def make_shop(words: Vocabulary, seed: int, size: int = 5000) -> Shop:
    """A catalogue of `size` SKUs of four kinds, no two products of one name."""
    dice = random.Random(seed)
    shop, names, ids = Shop(), set(), 0
    for kind, share in SHARE.items():
        made = 0
        while made < share * size // 5000:
            goods = _make_goods(words, kind, f"{kind[:2].upper()}{len(shop.goods) + len(shop.spare):05}", dice)
            key = (frozenset(goods.words), goods.tail)
            if key in names:
                continue
            names.add(key)
            if dice.random() < 0.12:
                shop.spare.append(goods)
                continue
            shop.goods.append(goods)
            for code, values in goods.skus:
                ids += 1
                made += 1
                option = ", ".join(values) if len(values) < 2 or dice.random() < 0.5 else "/".join(values)
                name = f"{goods.name} {' '.join(values)}".strip() if goods.flat else goods.name
                shop.entries.append(
                    Entry(id=ids, code=code, name=name, option="" if goods.flat else option, price=goods.price,
                          group=code if goods.flat else goods.code)
                )  # fmt: skip
    return shop


def _make_goods(words: Vocabulary, kind: str, code: str, dice: random.Random) -> Goods:
    name = [dice.choice(words.brands)] if dice.random() < 0.75 else []
    name += dice.sample(words.adjectives[kind], dice.choice((1, 1, 2)))
    item = dice.choice(words.items[kind])
    name += item.split()
    tail, axes = _tail_and_axes(words, kind, item, dice)
    values = [_values(words, axis, dice) for axis in axes]
    combos: list[tuple[str, ...]] = [()]
    for column in values:
        combos = [(*combo, value) for combo in combos for value in column]
    skus = [(f"{code}-{place:02}", combo) for place, combo in enumerate(combos)]
    return Goods(
        code, kind, name, tail, axes, skus, dice.randrange(30, 800) * 100, flat=bool(axes) and dice.random() < 0.15
    )


def _tail_and_axes(words: Vocabulary, kind: str, item: str, dice: random.Random) -> tuple[str, list[str]]:
    if kind == "fashion":
        if any(shoe in item for shoe in SHOES):
            return "", ["colour", "number"]
        return "", dice.choice((["colour", "size"], ["colour", "size"], ["colour"], ["size"]))
    if kind == "food":
        weight = dice.choice(("100g", "200g", "300g", "500g", "1kg", "2kg", "500ml", "1L"))
        pack = dice.choice(("", "", " 10개입", " 30포", " 5봉", " 20T"))
        return dice.choice(
            ((weight + pack, []), (weight + pack, ["flavour"]), ("", ["measure"]), (weight, ["flavour"]))
        )
    if kind == "household":
        pack = dice.choice(("100매", "70매 10팩", "30롤", "2.5L", "1L", "500ml", "50매", "20개입", "12개입", ""))
        return pack, dice.choice(([], ["scent"], ["colour"], []))
    model = f"{dice.choice('ABDKQRTX')}{dice.choice('CKLNQSX')}-{dice.randrange(10, 990)}"
    part = dice.choice(("", "20W", "65W", "10000mAh", "64GB", "256GB", "1m"))
    return f"{part} {model}".strip(), dice.choice(([], ["colour"], ["colour"], ["length"]))


def _values(words: Vocabulary, axis: str, dice: random.Random) -> list[str]:
    if axis == "colour":
        return dice.sample(list(words.colours), dice.randrange(2, 6))
    if axis == "size":
        start = dice.randrange(2)
        return list(SIZES[start : start + dice.randrange(2, 5)])
    if axis == "number":
        return list(NUMBERS[: dice.randrange(4, 8)])
    if axis == "flavour":
        return dice.sample(list(words.flavours), dice.randrange(2, 5))
    if axis == "scent":
        return dice.sample(list(words.scents), dice.randrange(2, 4))
    return (
        ["1m", "2m", "3m"]
        if axis == "length"
        else dice.choice((["500g", "1kg", "3kg"], ["200g", "400g"], ["10개입", "20개입"]))
    )


class Messy:
    """Writes listings the way sellers do on malls."""

    def __init__(self, shop: Shop, words: Vocabulary, seed: int) -> None:
        self.shop, self.words, self.dice = shop, words, random.Random(seed)

    def write(self, count: int) -> list[Truth]:
        """So many listings: four fifths in the catalogue, one tenth not, one tenth nobody can tell."""
        made: list[Truth] = []
        while len(made) < count:
            throw = self.dice.random()
            truth = self._right() if throw < 0.8 else self._absent() if throw < 0.9 else self._ambiguous()
            if truth:
                made.append(truth)
        return made

    def _right(self) -> Truth:
        goods = self.dice.choice(self.shop.goods)
        code, values = self.dice.choice(goods.skus)
        return self._listing(goods, values, code)

    def _absent(self) -> Truth | None:
        if self.dice.random() < 0.6:
            goods = self.dice.choice(self.shop.spare)
            return self._listing(goods, self.dice.choice(goods.skus)[1], "", why="absent")
        goods = self.dice.choice([each for each in self.shop.goods[:400] if each.axes])
        place = self.dice.randrange(len(goods.axes))
        sold = {values[place] for _, values in goods.skus}
        others = [value for value in self._all_of(goods.axes[place]) if value not in sold]
        if not others:
            return None
        values = list(self.dice.choice(goods.skus)[1])
        values[place] = self.dice.choice(others)
        return self._listing(goods, tuple(values), "", why="absent")

    def _ambiguous(self) -> Truth | None:
        goods = self.dice.choice(self.shop.goods)
        if len(goods.skus) < 2:
            return None
        values = list(self.dice.choice(goods.skus)[1])
        place = self.dice.randrange(len(values))
        if len({each[place] for _, each in goods.skus}) < 2:
            return None
        values[place] = self.dice.choice(("", "", "랜덤"))
        return self._listing(goods, tuple(values), "", why="ambiguous")

    def _all_of(self, axis: str) -> list[str]:
        known = {"colour": self.words.colours, "flavour": self.words.flavours, "scent": self.words.scents}
        if axis in known:
            return list(known[axis])
        return {"size": list(SIZES), "number": list(NUMBERS), "length": ["5m"]}.get(axis, ["700g", "5kg", "50개입"])

    def _listing(self, goods: Goods, values: tuple[str, ...], code: str, why: str = "right") -> Truth:
        dice = self.dice
        written = [self._value(axis, value) for axis, value in zip(goods.axes, values, strict=True) if value]
        named = [axis for axis, value in zip(goods.axes, values, strict=True) if value]
        name, option = self._name(goods), self._option(named, written)
        if written and dice.random() < 0.12:
            name, option = f"{name} {' '.join(written)}", ""
        quantity = 1
        if dice.random() < 0.14:
            quantity, mark = dice.choice(((2, "1+1"), (2, "2개 세트"), (3, "2+1"), (3, "x3"), (2, "2개"), (3, "3세트")))
            name, option = (
                (f"{name} {mark}", option) if not option or dice.random() < 0.5 else (name, f"{option} {mark}")
            )
        if dice.random() < 0.05:
            name = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
        price = round(goods.price * quantity * dice.uniform(0.85, 1.25), -2) if dice.random() < 0.8 else 0
        return Truth(Listing(name=name, option=option, price=int(price)), code, quantity, why)

    def _value(self, axis: str, value: str) -> str:
        known = {"colour": self.words.colours, "flavour": self.words.flavours, "scent": self.words.scents}.get(axis)
        if known and value in known:
            return self._slip(self.dice.choice(known[value]), 0.02)
        if axis == "size":
            return self.dice.choice(
                (value, value, value.lower(), {"S": "스몰", "M": "미디움", "L": "라지"}.get(value, value))
            )
        if axis == "number":
            return self.dice.choice((value, f"{value}mm"))
        return value

    def _option(self, axes: list[str], written: list[str]) -> str:
        dice = self.dice
        if not written:
            return dice.choice(("", "", "단품", "선택안함")) if dice.random() < 0.5 else ""
        keys = [
            {"colour": "색상", "size": "사이즈", "number": "사이즈", "flavour": "맛", "scent": "향"}.get(axis, "옵션")
            for axis in axes
        ]
        style = dice.randrange(8)
        if style == 0:
            return " / ".join(
                f"{key}{dice.choice((': ', '='))}{value}" for key, value in zip(keys, written, strict=True)
            )
        if style == 1:
            return f"{dice.randrange(1, 20):02}_{'/'.join(written)}"
        if style == 2 and len(written) > 1:
            return f"{written[0]}({written[1]})"
        if style == 3:
            return ", ".join(reversed(written))
        if style == 4:
            return f"[{dice.randrange(1, 20):02}] {' '.join(written)}"
        if style == 5:
            return "|".join(f"{key}={value}" for key, value in zip(keys, written, strict=True))
        if style == 6:
            return f"{' - '.join(written)} (+{dice.randrange(1, 9)},000원)"
        return "/".join(written)

    def _name(self, goods: Goods) -> str:
        dice, words = self.dice, list(goods.words)
        if dice.random() < 0.3:
            words = [self.words.english.get(word, word) if dice.random() < 0.5 else word for word in words]
        words = [self._slip(word, 0.03) for word in words]
        if goods.words[0] in self.words.brands and dice.random() < 0.15 and self._alone(goods):
            words = words[1:]
        elif goods.words[0] in self.words.brands and dice.random() < 0.3:
            words[0] = f"[{words[0]}]"
        if dice.random() < 0.25:
            dice.shuffle(words)
        parts = [*words, *([goods.tail] if goods.tail else [])]
        if dice.random() < 0.1 and goods.tail:
            parts = [goods.tail, *words]
        name = " ".join(parts)
        if dice.random() < 0.2:
            name = re.sub(r"(?<=[가-힣]) (?=[가-힣])", lambda gap: dice.choice(("", " ")), name)
        for _ in range(dice.choice((0, 0, 1, 2))):
            name = f"{name} {dice.choice(self.words.noise)}"
        if dice.random() < 0.6:
            promotion = dice.choice(self.words.promotions)
            name = f"{promotion} {name}" if dice.random() < 0.8 else f"{name} {promotion}"
        return name

    def _alone(self, goods: Goods) -> bool:
        """Whether it is the only one left of its name without its brand."""
        bare = set(goods.words[1:])
        return (
            sum(
                1
                for each in [*self.shop.goods, *self.shop.spare]
                if bare <= set(each.words) and each.tail == goods.tail
            )
            == 1
        )

    def _slip(self, word: str, share: float) -> str:
        """Now and then a slip of the finger: a vowel next to the right one, a letter left out or doubled."""
        dice = self.dice
        if len(word) < 3 or dice.random() >= share:
            return word
        place = dice.randrange(1, len(word))
        letter = word[place]
        if "가" <= letter <= "힣":
            syllable = ord(letter) - 0xAC00
            vowel = (syllable % 588 // 28 + dice.choice((1, 4))) % 21
            return word[:place] + chr(0xAC00 + syllable // 588 * 588 + vowel * 28 + syllable % 28) + word[place + 1 :]
        return word[:place] + dice.choice(("", letter * 2)) + word[place + 1 :]
