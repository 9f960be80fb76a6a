"""Fake malls on the real wire, with faults on request.

One process, one event loop, everything in memory. Imports nothing of jumun outside this package, so that the product can
never lean on it. `app.build` makes the ASGI app, `serve.serve` runs it, `python -m jumun.simulator --port N` does both.
"""
