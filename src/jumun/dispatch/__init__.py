"""Everything told to a channel, and what is heard back: confirm, transmit, the effect ledger, sync.

An effect is written down before its call is made (`ledger`), answered line by line, and read back by line key when the
answer is unclear (`settling`). It is never sent again blind.
"""
