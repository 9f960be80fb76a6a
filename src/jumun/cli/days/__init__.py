"""A day at the order desk, made by a seed and lived through real processes: `jumun bench --days` and its stories.

`plan` decides everything by the seed; `processes` runs web, workers and the simulator; `speaking` is REST and the
simulator's control; `clerk` and `world` carry the plan out, `day` from morning to quiet; `seen` reads what is left and
`checks` judges it by the invariants I1–I9.
"""
