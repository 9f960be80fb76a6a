"""Numbers on shipments. `carriers` is the table of carriers and what their numbers look like (pure)."""
