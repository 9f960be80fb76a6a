"""Channel accounts and the port every channel's connector stands behind.

`port` is what a connector promises (pure), `registry` says which connectors exist, `pace` keeps an account within
the rate a channel allows. What a channel can do is data on its profile, never an `if kind ==`.
"""
