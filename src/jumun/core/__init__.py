"""What every room may lean on: ids, the clock, whole won, phones, refusals, errors, and acting for one company.

Nothing here knows an order. `embedded_postgres` owns the database process; `tenancy` is the only door to a
company's rows; `sentences` holds every refusal once, in Korean and English.
"""
