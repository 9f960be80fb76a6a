"""Orders, their lines, the item (the atom), shipments, recipients, holds and the timeline.

`states` is the one table of what may happen; `moving` makes any of its moves with a set of items in one statement;
`actions/` has one file per action. `selection` and `filters` say which items are meant; `queries` reads.
Nothing outside this room writes a status.
"""
