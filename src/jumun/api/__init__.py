"""REST under `/api/v1` (DESIGN §5): parse, one call, render.

`routes` says how an operation is declared: who may, what it answers, in one transaction acting for the token's company.
Errors are problems (`problems`), a key on a POST is remembered (`idempotency`), lists are pages (`paging`).
"""
