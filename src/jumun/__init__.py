"""Jumun (주문): a self-hosted order desk for sellers on many channels."""
