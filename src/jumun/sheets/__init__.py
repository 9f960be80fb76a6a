"""A codec: any spreadsheet in, xlsx and csv out. No tables, no models, nothing about orders.

`reading` opens a file of a stranger in a child process with limits (`child`, `checking`, `books`); `writing` writes
tables and forms in which no text becomes a formula; `unlocking` takes a password off. Limits stand in `limits`.
"""
