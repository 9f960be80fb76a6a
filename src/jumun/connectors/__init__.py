"""One folder a channel: the code that speaks one marketplace's order API behind `channels/port.py`.

A connector sees the port and `core`, nothing else: no Django, no table, no other connector. Each folder holds the same
files: `client.py` (HTTP, keys, paging), `wire.py` (pure, both ways; the only file that knows their field names),
`codes.py` (tables), `connector.py` (the port) and `README.md` (which document was read when, and each quirk).
`config/wiring.py` plugs them in; `tests/connectors/` holds every registered kind to one contract over HTTP.
"""
