"""The exact answer to whether, and which of, a few households can be visited in one slot."""

from collections.abc import Iterator, Mapping

from solver.world import World

MOST_EXACT = 9
"""The labels double with each household: ten thousand for nine, some 20 ms."""

Labels = dict[tuple[frozenset[int], int], tuple[int, tuple[int, ...]]]
"""By (visited, last): the earliest departure from there, and the order that leads to it."""


def route(world: World, slot: int, start: int, houses: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return an order in which these households can be visited from a start place, or None; exact, for up to `MOST_EXACT`."""
    *_, last = _levels(world, slot, start, houses)
    return next((order for order in _homeward(world, slot, start, last) if len(order) == len(houses)), None)


def best_route(world: World, slot: int, start: int, worth: Mapping[int, int]) -> tuple[int, ...]:
    """Return those of a few households, and an order for them, that are worth most together; exact, for up to `MOST_EXACT`."""
    best: tuple[int, ...] = ()
    most = 0
    for labels in _levels(world, slot, start, tuple(worth)):
        for order in _homeward(world, slot, start, labels):
            value = sum(worth[h] for h in order)
            if value > most:
                best, most = order, value
    return best


def _levels(world: World, slot: int, start: int, houses: tuple[int, ...]) -> Iterator[Labels]:
    """Yield the labels of no visit, of one visit, and so on: with waiting allowed nothing is gained by leaving later."""
    leg, place_of, length = world.legs.leg, world.place_of, world.length[slot]
    end = world.ends[slot]
    labels: Labels = {(frozenset(), -1): (world.opens_start[slot], ())}
    yield labels
    for _ in houses:
        longer: Labels = {}
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
        yield labels


def _homeward(world: World, slot: int, start: int, labels: Labels) -> Iterator[tuple[int, ...]]:
    """Yield the orders after which the crew is back in time."""
    leg, place_of = world.legs.leg, world.place_of
    for (_, last), (clock, order) in labels.items():
        if clock + leg(start if last < 0 else place_of[last], start) <= world.ends[slot]:
            yield order
