"""How much a parcel holds, and how much it may (C17). Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """What lies in a parcel; as a cap, 0 is none."""

    pieces: int = 0
    grams: int = 0
    volume: int = 0
    """cm³"""

    def __add__(self, other: "Load") -> "Load":
        return Load(self.pieces + other.pieces, self.grams + other.grams, self.volume + other.volume)

    def beyond(self, caps: "Load") -> tuple[str, ...]:
        """The codes of the caps it passes.

        >>> Load(2, 900).beyond(Load(5, 800)), Load(2, 900).beyond(Load())
        (('too_heavy',), ())
        """
        checks = (
            ("too_many", self.pieces, caps.pieces),
            ("too_heavy", self.grams, caps.grams),
            ("too_big", self.volume, caps.volume),
        )
        return tuple(code for code, number, most in checks if most and number > most)


NOTHING = Load()
ONE_PIECE = Load(1)
