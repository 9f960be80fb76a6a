"""Matching: which of our SKUs a channel's listing means, suggested by words and remembered by hand (C10-C13)."""
