"""Steps that change crews: who goes out with whom, when, from where."""

from solver.kernel.board import COUNT, LIVE, MEMBERS, PINNED, PLACE, SLOT, TRAVEL, VALUE, Board
from solver.kernel.choice import Choice
from solver.kernel.dice import Dice, chance, pick
from solver.kernel.fill import set_loose
from solver.kernel.jit import kernel
from solver.kernel.memory import Memory, copy_row, note, put_on, take_off
from solver.kernel.route import can_join, dismiss, drop, enlist, insert, is_crew, may_visit, schedule, sits
from solver.kernel.ruin import any_crew, blurred_fill, free_string
from solver.kernel.town import START, Town
from solver.travel import Ints

TRIES = 24
SETTLING = 8
"""Rounds in which a changed crew's way is improved before the change is judged: its old way had thousands."""


@kernel
def reform(town: Town, board: Board, choice: Choice, memory: Memory, dice: Dice, rows: Ints) -> None:
    """Change who goes out; leaves the board as it was where that cannot be."""
    draw = chance(dice)
    spare = idle_row(board, 0)
    if spare < 0:
        return
    t = any_crew(board, dice)
    if draw < 0.15 or t < 0:
        send_another(town, board, choice, memory, dice, rows)
        return
    if not note(board, memory, t):
        return
    copy_row(board.crew[t], board.crew[spare])
    board.crew[spare, LIVE] = 0
    if draw < 0.9:
        other = -1
        dismiss(town, board, t)
        if draw < 0.35:
            board.crew[t, PLACE] = any_start(town, board, dice, t)
        elif draw < 0.5:
            change_slot(town, board, dice, t)
        elif draw < 0.7:
            change_member(town, board, dice, t)
        else:
            other = exchange(town, board, choice, memory, dice, t)
        reopen(town, board, choice, t, spare)
        settle(town, board, choice, dice, t, rows)
        if other >= 0:
            settle(town, board, choice, dice, other, rows)
    else:
        # one crew gives way to another, or two to whatever their people make of it
        dismiss(town, board, t)
        other = any_crew(board, dice) if chance(dice) < 0.5 else -1
        if other >= 0 and note(board, memory, other):
            dismiss(town, board, other)
            send_another(town, board, choice, memory, dice, rows)
            send_another(town, board, choice, memory, dice, rows)
        send_another(town, board, choice, memory, dice, rows)


@kernel
def idle_row(board: Board, skip: int) -> int:
    """Return a row that is not in use, the next one for each to be skipped, or -1."""
    for t in range(board.crew.shape[0]):
        if board.crew[t, LIVE] == 0:
            if skip == 0:
                return t
            skip -= 1
    return -1


@kernel
def any_start(town: Town, board: Board, dice: Dice, t: int) -> int:
    """Return the home of one of the crew."""
    return int(town.person[board.crew[t, MEMBERS + pick(dice, board.size)], START])


@kernel
def lives_there(town: Town, board: Board, t: int) -> bool:
    """Say whether a crew starts at the home of one of its people."""
    for i in range(MEMBERS, MEMBERS + board.size):
        if town.person[board.crew[t, i], START] == board.crew[t, PLACE]:
            return True
    return False


@kernel
def reopen(town: Town, board: Board, choice: Choice, t: int, spare: int) -> None:
    """Send out the people who stand in row `t`, with those visits in row `spare` that they can still make."""
    enlist(town, board, t)
    for n in range(board.crew[spare, COUNT]):
        h = board.crew[spare, board.visits + n]
        if may_visit(town, board, t, h) and not insert(town, board, t, h, board.crew[t, COUNT]):
            set_loose(choice, drop(town, board, t, board.crew[t, COUNT] - 1))
            schedule(town, board, t)


@kernel
def settle(town: Town, board: Board, choice: Choice, dice: Dice, t: int, rows: Ints) -> None:
    """Fill a changed crew and improve its way a little, alone."""
    rows[0] = t
    blurred_fill(town, board, choice, dice, rows, 1)
    spare = idle_row(board, 0)
    if spare < 0:
        return
    crew = board.crew[t]
    for _ in range(SETTLING):
        if crew[COUNT] == 0:
            return
        copy_row(crew, board.crew[spare])
        pins, before = crew[PINNED], crew[VALUE] - crew[TRAVEL] * town.travel_per_hour / 3.6
        free_string(town, board, choice, dice, t, pick(dice, crew[COUNT]), 4)
        blurred_fill(town, board, choice, dice, rows, 1)
        if crew[PINNED] < pins or crew[VALUE] - crew[TRAVEL] * town.travel_per_hour / 3.6 < before:
            take_off(board, t)
            copy_row(board.crew[spare], board.crew[t])
            put_on(board, t)
        board.crew[spare, LIVE] = 0


@kernel
def change_slot(town: Town, board: Board, dice: Dice, t: int) -> None:
    """Move a dismissed crew to another slot in which all of its people are free, if there is one."""
    crew, slots = board.crew[t], town.slot.shape[0]
    old, first = crew[SLOT], pick(dice, slots)
    for n in range(slots):
        slot = (first + n) % slots
        free = slot != old
        for i in range(MEMBERS, MEMBERS + board.size):
            free = free and can_join(town, board, crew[i], slot)
        if free:
            crew[SLOT] = slot
            return


@kernel
def change_member(town: Town, board: Board, dice: Dice, t: int) -> None:
    """Let another person take a seat of a dismissed crew, if one is found who can."""
    crew = board.crew[t]
    seat = MEMBERS + pick(dice, board.size)
    leaving = crew[seat]
    for _ in range(TRIES):
        v = pick(dice, town.person.shape[0])
        if v == leaving or sits(board, t, v) or not can_join(town, board, v, crew[SLOT]):
            continue
        crew[seat] = v
        if is_crew(town, board, t):
            break
        crew[seat] = leaving
    if not lives_there(town, board, t) or chance(dice) < 0.5:
        crew[PLACE] = any_start(town, board, dice, t)


@kernel
def exchange(town: Town, board: Board, choice: Choice, memory: Memory, dice: Dice, t: int) -> int:
    """Let a dismissed crew and another, of any slot, exchange a member each; return the other's row, or -1."""
    other, spare = any_crew(board, dice), idle_row(board, 2)
    if other < 0 or other == t or spare < 0 or spare == t or not note(board, memory, other):
        return -1
    crew, partner = board.crew[t], board.crew[other]
    seat, seat_other = MEMBERS + pick(dice, board.size), MEMBERS + pick(dice, board.size)
    v, w = crew[seat], partner[seat_other]
    if sits(board, t, w) or sits(board, other, v):
        return -1
    board.crew[spare] = partner
    board.crew[spare, LIVE] = 0
    dismiss(town, board, other)
    crew[seat], partner[seat_other] = w, v
    fits = can_join(town, board, w, crew[SLOT]) and can_join(town, board, v, partner[SLOT])
    if not (fits and is_crew(town, board, t) and is_crew(town, board, other)):
        crew[seat], partner[seat_other] = v, w
    if not lives_there(town, board, t) or chance(dice) < 0.3:
        crew[PLACE] = any_start(town, board, dice, t)
    if not lives_there(town, board, other) or chance(dice) < 0.3:
        partner[PLACE] = any_start(town, board, dice, other)
    reopen(town, board, choice, other, spare)
    return int(other)


@kernel
def send_another(town: Town, board: Board, choice: Choice, memory: Memory, dice: Dice, rows: Ints) -> None:
    """Form a crew of people who are left, in any slot."""
    t = idle_row(board, 0)
    people = town.person.shape[0]
    if t < 0 or people == 0 or not note(board, memory, t):
        return
    crew = board.crew[t]
    for _ in range(4):
        slot = pick(dice, town.slot.shape[0])
        for i in range(MEMBERS, MEMBERS + board.size):
            crew[i] = -1
        seats, first = 0, pick(dice, people)
        for n in range(people):
            v = (first + n * 7919) % people
            if seats < board.size and not sits(board, t, v) and can_join(town, board, v, slot):
                crew[MEMBERS + seats] = v
                # the last seat goes to one with whom the crew is complete
                if seats < board.size - 1 or is_crew(town, board, t):
                    seats += 1
                else:
                    crew[MEMBERS + seats] = -1
        if seats == board.size:
            crew[SLOT], crew[PLACE] = slot, any_start(town, board, dice, t)
            enlist(town, board, t)
            settle(town, board, choice, dice, t, rows)
            return
