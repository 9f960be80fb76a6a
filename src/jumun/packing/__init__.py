"""Packing: which shipments go as one parcel, and why (C14-C17, N8)."""
