"""What a company wants of its stock: released only when allocated (C18), given back while held (C21)."""

from dataclasses import asdict, dataclass

from jumun.companies.models import Company


@dataclass(frozen=True, slots=True)
class StockRules:
    """Two switches, both off at first.

    release_needs_allocation   what carries stock is released only with all of it reserved
    hold_frees_stock           what a person holds gives its stock back
    """

    release_needs_allocation: bool = False
    hold_frees_stock: bool = False


def get_stock_rules() -> StockRules:
    """Those of the company acted for."""
    return StockRules(*Company.objects.values_list("release_needs_allocation", "hold_frees_stock").get())


def set_stock_rules(wanted: StockRules) -> None:
    """Switch them; what is held or released already stays as it is."""
    Company.objects.update(**asdict(wanted))
