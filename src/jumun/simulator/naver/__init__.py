"""The fake Naver Commerce API (스마트스토어), `/naver/external` in place of api.commerce.naver.com/external.

Source: reference/channels.md §1 with the corrections of §10, which were read from the official documents.
"""
