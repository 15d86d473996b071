"""The proven bound: what no valid plan of the week exceeds, and the prices that prove it.

`Prover.first` answers at once, `Prover.improve` tightens the proof for as long as it may.
"""

from solver.bound.pool import KnownRoute
from solver.bound.prover import Bound, Prices, Prover, upper_bound

__all__ = ["Bound", "KnownRoute", "Prices", "Prover", "upper_bound"]
