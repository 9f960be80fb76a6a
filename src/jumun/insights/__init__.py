"""Counts, deadlines and the day's flow. Queries only: nothing here writes."""
