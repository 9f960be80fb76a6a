"""What stands in a workbook beside its values, that the parser does not tell."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Marks:
    """Seen while the file was checked."""

    macros: bool = False
    hidden_rows: bool = False
    hidden_columns: bool = False
    formulas_without_value: bool = False
    errors: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    """By sheet name: row and column (from 0) of each error cell, and its code."""

    def notices(self) -> list[str]:
        """The codes of what a person should know."""
        told = {
            "macros_dropped": self.macros,
            "hidden_rows": self.hidden_rows,
            "hidden_columns": self.hidden_columns,
            "formulas_without_value": self.formulas_without_value,
        }
        return [code for code, seen in told.items() if seen]
