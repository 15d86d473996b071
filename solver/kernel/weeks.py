"""A week of the reference goes on the board, and what the search made of it comes back."""

from solver.kernel.board import COUNT, LIVE, MEMBERS, PLACE, SLOT, Board
from solver.kernel.route import enlist, insert
from solver.kernel.town import Town
from solver.tour import Tour
from solver.week import Week
from solver.world import World


def lay_out(board: Board, town: Town, week: Week) -> None:
    """Take over the crews and visits of a week."""
    for row, tour in enumerate(week.tours.values()):
        board.crew[row, MEMBERS : MEMBERS + board.size] = tour.members
        board.crew[row, SLOT], board.crew[row, PLACE] = tour.slot, tour.start
        enlist(town, board, row)
        for i, h in enumerate(tour.state.visits):
            insert(town, board, row, h, i)


def put_back(board: Board, world: World, week: Week) -> None:
    """Make the week what the board says; each schedule is made anew by the reference, which has the last word."""
    for number in list(week.tours):
        week.close(number)
    for row in board.crew[board.crew[:, LIVE] == 1].tolist():
        members = tuple(sorted(row[MEMBERS : MEMBERS + board.size]))
        tour = Tour(world, row[SLOT], members, row[PLACE])
        state = tour.schedule(tuple(row[board.visits : board.visits + row[COUNT]]))
        if state is not None and state.visits:
            tour.state = state
            week.add(tour)
    week.keep()
