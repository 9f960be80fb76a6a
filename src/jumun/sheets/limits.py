"""How much a sheet may ask of us. Where they come from: docs/decisions/0026-sheet-limits.md."""

MOST_FILE_BYTES = 128 * 1024**2
"""A file, as it came."""
MOST_ENTRIES = 2_000
"""Parts of an xlsx (a zip): one with pictures has some hundred."""
MOST_PART_BYTES = 256 * 1024**2
"""One part, unpacked: about 150,000 rows of 25 columns."""
MOST_UNPACKED_BYTES = 384 * 1024**2
MOST_RATIO = 100
"""Unpacked to packed of a part larger than SMALL_PART; sheets people make stay under 40."""
SMALL_PART = 1024**2
MOST_COLUMNS = 1_024
MOST_CELLS = 16_000_000
"""Rows times columns of one sheet: the parser keeps room for the empty ones too."""
MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767
"""Characters, Excel's own limit."""
LONGEST_TEXT = 1024**2
"""Bytes of text without an end in a part or a csv: more is no cell."""
MOST_MARKS = 200_000
"""Error cells and merged areas remembered."""
MOST_TABLES = 50

CHILD_MEMORY = 1024**3
"""Address space of the child; beyond it the parser is aborted, the child with it, and nobody else."""
CHILD_CPU_SECONDS = 60
ANSWER_SECONDS = 60.0
"""How long one answer of the child may take."""
MOST_ANSWER_BYTES = 128 * 1024**2
CHUNK_ROWS = 500
