"""A child whose parser aborts."""

import os

os.abort()
