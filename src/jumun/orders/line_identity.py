"""Which line is which where two tellers number them differently: a sheet and an API, or two kinds of sheet.

SQL pieces. Two lines of one order are the same when product and option are the same and so is the occurrence; names
and options are compared without spaces, punctuation and case, because a mall writes them one way in its sheet and
another in its API.
"""

SHEET = "sheet"
"""`stage_raw` of a line only a sheet told us of: its key may still give way to the channel's own."""

BY_HAND = "manual"
"""`stage_raw` of a line that was typed in: the same holds of it."""


def squeezed(text: str) -> str:
    """SQL: a text without spaces, punctuation and case."""
    return f"lower(regexp_replace({text}, '[[:space:][:punct:]]+', '', 'g'))"


def alike(one: str, other: str) -> str:
    """SQL: two line keys are of one numbering, so that two different ones are two lines.

    A key a sheet's row was given for want of a number ("s:…") is of no numbering.
    """
    shape = "translate(lower({}), '012345678bcdefghijklmnopqrstuvwxyz', '999999999aaaaaaaaaaaaaaaaaaaaaaaaa')"
    return f"({one} NOT LIKE 's:%%' AND {other} NOT LIKE 's:%%' AND {shape.format(one)} = {shape.format(other)})"


def pairs(ours: str, theirs: str, *, group: str) -> str:
    """SQL: `ours_id`, `theirs_id` of the same lines.

    ours, theirs  tables with id, key, place (a number that orders them), `group`'s columns, codes (text[]), name, option
    group         columns that say which order, comma separated

    The surest reading comes first: code and option, name and option; then code or name alone, where there is only one
    such line on both sides. Each line is paired once.
    """
    sides = ", ".join(f"{side} AS ({_spelled(table, group)})" for side, table in (("mine", ours), ("yours", theirs)))
    return f"""
    WITH {sides}, paired AS (
        SELECT m.id AS ours_id, y.id AS theirs_id, min(pass) AS pass
          FROM mine m JOIN yours y USING ({group}, pass, spelled, nth)
         WHERE (pass <= 2 OR (m.number = 1 AND y.number = 1)) AND NOT {alike("m.key", "y.key")}
         GROUP BY 1, 2
    ), first AS (SELECT DISTINCT ON (ours_id) * FROM paired ORDER BY ours_id, pass, theirs_id)
    SELECT DISTINCT ON (theirs_id) ours_id, theirs_id FROM first ORDER BY theirs_id, pass, ours_id
    """


def _spelled(table: str, group: str) -> str:
    """Each line in each way it may be spelled, with its occurrence among those spelled the same."""
    option = squeezed("t.option")
    return f"""
        SELECT t.id, t.key, {", ".join(f"t.{name.strip()}" for name in group.split(","))}, w.pass, w.spelled,
               row_number() OVER same_order AS nth,
               count(*) OVER (PARTITION BY {group}, w.pass, w.spelled) AS number
          FROM {table} t CROSS JOIN LATERAL (
               SELECT 1 AS pass, {squeezed("c.code")} || '|' || {option} AS spelled FROM unnest(t.codes) AS c(code) WHERE c.code <> ''
               UNION
               SELECT 2, {squeezed("t.name")} || '|' || {option} WHERE t.name <> ''
               UNION
               SELECT 3, {squeezed("c.code")} FROM unnest(t.codes) AS c(code) WHERE c.code <> ''
               UNION
               SELECT 4, {squeezed("t.name")} WHERE t.name <> '') AS w
        WINDOW same_order AS (PARTITION BY {group}, w.pass, w.spelled ORDER BY t.place, t.id)
    """
