"""Random numbers that are the same in compiled code, in Python and on every machine (xorshift, Marsaglia 2003)."""

import numpy as np
import numpy.typing as npt

from solver.kernel.jit import kernel

Dice = npt.NDArray[np.uint64]


def new_dice(seed: int) -> Dice:
    """Return dice for a seed; neighbouring seeds start far from each other."""
    return np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1)


@kernel
def chance(dice: Dice) -> float:
    """Return a number from 0 up to 1, never 1."""
    x = dice[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    dice[0] = x
    return float(x >> np.uint64(11)) * 1.1102230246251565e-16


@kernel
def pick(dice: Dice, count: int) -> int:
    """Return a whole number from 0 up to `count`, never `count`."""
    return int(chance(dice) * count)
