import argparse


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """None yet."""


def run(_options: argparse.Namespace) -> int:
    """None yet."""
    return 0
