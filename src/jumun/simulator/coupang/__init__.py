"""The fake Coupang Wing Open API, `/coupang` in place of https://api-gateway.coupang.com.

Source: reference/channels.md §2 with the corrections of §10 items 11 to 21, which win over it.
"""
