"""The exact answer to whether a few households can be visited in one slot."""

from solver.world import World

MOST_EXACT = 9
"""The labels double with each household: ten thousand for nine, some 20 ms."""


def route(world: World, slot: int, start: int, houses: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return an order in which these households can be visited from a start place, or None; exact, for up to `MOST_EXACT`.

    Labels (visited, last) keep the earliest departure: with waiting allowed nothing is gained by leaving later.
    """
    leg, place_of, length = world.legs.leg, world.place_of, world.length[slot]
    end = world.ends[slot]
    labels: dict[tuple[frozenset[int], int], tuple[int, tuple[int, ...]]] = {(frozenset(), -1): (world.opens_start[slot], ())}
    for _ in houses:
        longer: dict[tuple[frozenset[int], int], tuple[int, tuple[int, ...]]] = {}
        for (seen, last), (clock, order) in labels.items():
            place = start if last < 0 else place_of[last]
            for h in houses:
                if h in seen:
                    continue
                begin = world.next_open(h, clock + leg(place, place_of[h]))
                if begin is None or begin + int(length[h]) > end:
                    continue
                key, done = (seen | {h}, h), begin + int(length[h])
                if key not in longer or done < longer[key][0]:
                    longer[key] = done, (*order, h)
        labels = longer
    for (_, last), (clock, order) in labels.items():
        if clock + leg(start if last < 0 else place_of[last], start) <= end:
            return order
    return None
