# ruff: noqa: E501 - scripts for the browser, one statement a line
"""The app's modules one by one, in the browser they are written for, with a server that does what a test says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from planner.models import Database


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    return sqlite_db


def test_a_batch_refused_as_a_whole_is_halved_until_the_bad_one_is_alone(run: Any) -> None:
    result = run("""
      const ids = await made(7, 9);
      await round(({ events }) => {
        if (events.some((e) => e.event_id === ids[4])) throw new ApiError('refused', 422, { code: 'bad', message: 'xấu' });
        return answered(events);
      });
      const left = await outbox.waiting(db);
      return { left: left.map((row) => [row.event_id === ids[4], row.problem.text]), received: (await outbox.receipts(db, 7)).length };
    """)
    assert result == {"left": [[True, "xấu"]], "received": 8}


def test_an_event_over_which_the_server_stumbles_waits_alone_and_goes_again_by_itself(run: Any) -> None:
    result = run("""
      const ids = await made(7, 9);
      await made(8, 1);
      let bad = ids.slice(4, 5);
      const reply = ({ events }) => {
        if (events.some((e) => bad.includes(e.event_id))) throw new ApiError('server', 500, { code: 'defect', message: 'hỏng' });
        return answered(events);
      };
      const sync = await round(reply);
      const left = await outbox.waiting(db);
      const first = [left.map((row) => [row.event_id === ids[4], row.problem.later]), sync.status.trouble.status, calls.some(([path]) => path === 'pull')];
      const more = await made(7, 1);
      await round(reply);
      const second = (await outbox.waiting(db)).map((row) => row.event_id === ids[4]);
      bad = [];
      await round(reply);
      return [first, second, (await outbox.waiting(db)).length];
    """)
    assert result == [[[[True, True]], 500, True], [True], 0]


def test_a_server_that_stumbles_over_everything_sets_little_aside(run: Any) -> None:
    result = run("""
      await made(7, 20);
      await round(() => { throw new ApiError('server', 500, { code: 'defect' }); });
      return [(await outbox.waiting(db)).filter((row) => row.problem).length, calls.length < 12];
    """)
    assert result == [3, True]


def test_what_another_life_has_yet_to_hear_again_goes_before_what_is_new(run: Any) -> None:
    result = run("""
      const [old] = await made(7, 1);
      await round(({ events }) => answered(events));
      epoch = 'two';
      const [fresh] = await made(7, 1);
      const sent = [];
      await round(({ events }) => { sent.push(...events.map((e) => e.event_id)); return answered(events); });
      return [sent[0] === old, sent[1] === fresh, sent.length];
    """)
    assert result == [True, True, 2]


def test_only_what_a_verdict_names_leaves_the_outbox(run: Any) -> None:
    result = run("""
      const ids = await made(7, 2);
      let first = true;
      await round(({ events }) => {
        const verdicts = first ? [verdict(events[0]), verdict({ event_id: 'somebody-else' })] : [];
        first = false;
        return { epoch, now: '', verdicts };
      });
      return [(await outbox.waiting(db)).map((row) => row.event_id === ids[1]), (await outbox.receipts(db, 7)).length];
    """)
    assert result == [[True], 1]


def test_each_persons_events_go_under_their_own_name_in_order_and_in_batches(run: Any) -> None:
    result = run("""
      await made(7, 60); await made(8, 3);
      await round(({ events }) => answered(events));
      return calls.filter(([path]) => path === 'events').map(([, person, ids]) => [person, ids.length]);
    """)
    assert result == [[7, 50], [7, 10], [8, 3]]


def test_a_seat_that_ended_stops_its_own_person_only(run: Any) -> None:
    result = run("""
      await made(7, 1); await made(8, 1);
      await round(({ person, events }) => {
        if (person === 7) throw new ApiError('ended', 401, { code: 'not_enrolled' });
        return answered(events);
      });
      return [(await outbox.waiting(db)).map((row) => row.user), (await db.get('people', 7)).seat, (await db.get('people', 8)).seat];
    """)
    assert result == [[7], "ended", "ok"]


def test_another_life_of_the_database_gets_the_receipts_again_without_their_text(run: Any) -> None:
    result = run("""
      await made(7, 3);
      await round(({ events }) => answered(events));
      epoch = 'two';
      const sent = [];
      await round(({ events }) => { sent.push(...events); return answered(events); });
      await round(({ events }) => { sent.push(...events); return answered(events); });
      return [sent.length, sent.every((e) => e.receipt === 'hhhhhhhh' && e.body.note === ''), (await outbox.receipts(db, 7)).map((r) => r.epoch)];
    """)
    assert result == [3, True, ["two", "two", "two"]]


def test_a_receipt_that_another_life_had_lost_is_kept_its_days_from_then_on(run: Any) -> None:
    result = run("""
      const DAY = 86_400_000;
      let later = 0;
      const now = () => Date.now() + later;
      const go = async (reply) => { await createSync({ db, call: server(reply, now), now }).request({ all: true }); };
      const kept = async () => (await outbox.receipts(db, 7)).map((r) => r.event_id).sort();
      const [lost, known] = (await made(7, 2)).sort();
      await go(({ events }) => answered(events));
      later = 20 * DAY;  // the phone was off while a backup was put back: its receipts are said again before any is erased
      epoch = 'two';
      await go(({ events }) => ({ ...answered(events), verdicts: events.map((e) => ({ ...verdict(e, 'duplicate'), received_at: new Date(e.event_id === lost ? now() : Date.now()).toISOString() })) }));
      const after = [await kept()];
      later = 33 * DAY;
      await go(({ events }) => answered(events));
      after.push(await kept());
      later = 35 * DAY;
      await go(({ events }) => answered(events));
      after.push(await kept());
      return after.map((ids) => ids.map((id) => (id === lost ? 'lost' : 'known')));
    """)
    assert result == [["lost"], ["lost"], []], "what the server lacked it has only since then"


def test_receipts_of_somebody_whose_seat_has_ended_wait_for_them(run: Any) -> None:
    result = run("""
      let later = 0;
      const now = () => Date.now() + later;
      await made(7, 1); await made(8, 1);
      const all = { all: true };
      await createSync({ db, call: server(({ events }) => answered(events), now), now }).request(all);
      epoch = 'two';
      later = 20 * 86_400_000;
      await createSync({ db, call: server(({ person, events }) => {
        if (person === 7) throw new ApiError('ended', 401, { code: 'not_enrolled' });
        return { ...answered(events), verdicts: events.map((e) => verdict(e, 'duplicate')) };
      }, now), now }).request(all);
      return [(await outbox.receipts(db, 7)).length, (await outbox.receipts(db, 8)).length];
    """)
    assert result == [1, 0], "the server may lack what they recorded: it is said again when they are back"


def test_a_clock_ten_years_ahead_erases_no_receipt(run: Any) -> None:
    result = run("""
      await made(7, 1);
      await round(({ events }) => answered(events));
      const now = () => Date.now() + 3650 * 86_400_000;
      await createSync({ db, call: server(({ events }) => answered(events)), now }).request({ all: true });
      return (await outbox.receipts(db, 7)).length;
    """)
    assert result == 1


def test_a_lost_answer_is_asked_again_and_what_was_tried_cannot_be_undone(run: Any) -> None:
    result = run("""
      const [id] = await made(7, 1);
      const sync = await round(() => { throw new ApiError('offline'); });
      const undone = await outbox.undo(db, id);
      const waits = sync.status.retry_ms - Date.now();
      await round(({ events }) => ({ ...answered(events), verdicts: events.map((e) => verdict(e, 'duplicate')) }));
      return [undone, sync.status.line, waits > 2000 && waits <= 5000, (await outbox.waiting(db)).length];
    """)
    assert result == [False, False, True, 0]


def test_a_fresh_event_waits_for_second_thoughts_unless_asked(run: Any) -> None:
    result = run("""
      await outbox.record(db, 7, 'visit', {}, { now: Date.now() });
      await round(({ events }) => answered(events), {});
      const kept = (await outbox.waiting(db)).length;
      await round(({ events }) => answered(events), { all: true });
      return [kept, (await outbox.waiting(db)).length];
    """)
    assert result == [1, 0]


def test_pictures_go_after_all_text_and_a_refused_one_holds_up_no_other(run: Any) -> None:
    result = run("""
      const { keepPhoto, photos } = await at('photo_queue');
      for (let i = 0; i < 3; i += 1) await keepPhoto(db, 7, 1, { bytes: new ArrayBuffer(9), sha256: 'x' }, Date.now() + i);
      await made(7, 2);
      let number = 0;
      await round(({ path, events }) => {
        if (!path.startsWith('/evidence')) return answered(events);
        number += 1;
        if (number === 1) throw new ApiError('refused', 422, { message: 'không phải ảnh' });
        return {};
      });
      const order = calls.map(([path]) => path).filter((path) => ['events', 'evidence'].includes(path));
      return [order, (await photos(db, 7)).map((p) => [p.state, p.bytes === null])];
    """)
    assert result[0] == ["events", "evidence", "evidence", "evidence"]
    assert result[1] == [["refused", False], ["sent", True], ["sent", True]]


def test_a_picture_that_fails_holds_up_neither_the_plan_nor_any_other_picture(run: Any) -> None:
    result = run("""
      const { keepPhoto, photos, retryPhoto } = await at('photo_queue');
      const kept = [];
      for (const [user, i] of [[7, 1], [7, 2], [7, 3], [8, 4]]) kept.push((await keepPhoto(db, user, 1, { bytes: new ArrayBuffer(9), sha256: 'x' }, Date.now() + i)).uuid);
      const [bad, foreign, good, nga] = kept;
      const answer = ({ path }) => {
        if (path.includes(bad)) throw new ApiError('offline');
        if (path.includes(foreign)) throw new ApiError('refused', 404, { message: 'ca này không phải của anh/chị' });
        return {};
      };
      const sync = await round(answer);
      const states = async () => Object.fromEntries((await photos(db)).map((p) => [p.uuid, p.state]));
      const first = await states();
      const order = calls.map(([path]) => path);
      await retryPhoto(db, foreign);
      await round(() => ({}));
      return [kept.map((uuid) => first[uuid]), order.indexOf('pull') < order.indexOf('evidence'), sync.status.trouble.kind, Object.values(await states())];
    """)
    assert result == [["waiting", "refused", "sent", "sent"], True, "offline", ["sent"] * 4]


def test_without_web_locks_a_lease_lets_one_tab_at_a_time(run: Any) -> None:
    result = run("""
      Object.defineProperty(navigator, 'locks', { value: undefined });
      const { exclusively } = await at('locks');
      let inside = 0, most = 0, turns = 0;
      const work = async (still) => { inside += 1; most = Math.max(most, inside); await still(); await new Promise((d) => setTimeout(d, 30)); inside -= 1; turns += 1; };
      await Promise.all([1, 2, 3].map(() => exclusively(db, 'x', work)));
      return [most, turns];
    """)
    assert result == [1, 3]


def test_wrong_pins_are_counted_on_the_disk_and_have_to_wait(run: Any) -> None:
    result = run("""
      await people.setPin(db, 7, '4711');
      const tries = [];
      for (let i = 0; i < 5; i += 1) tries.push((await people.tryPin(db, 7, '0000', 1000)).waitMs);
      const locked = await people.tryPin(db, 7, '4711', 2000);
      const later = await people.tryPin(db, 7, '4711', 40000);
      return [tries, locked.right, later.right, JSON.stringify(await db.get('people', 7)).includes('4711')];
    """)
    assert result == [[0, 0, 0, 0, 30_000], False, True, False]


def test_pauses_grow_are_never_the_same_and_obey_the_server(run: Any) -> None:
    result = run("""
      const { pauseMs } = await at('backoff');
      return [[1, 2, 3, 20].map((n) => [pauseMs(n, 0, () => 0), pauseMs(n, 0, () => 1)]), pauseMs(1, 30000, () => 0)];
    """)
    assert result == [[[2500, 5000], [5000, 10_000], [10_000, 20_000], [150_000, 300_000]], 30_000]


def test_the_own_digest_is_that_of_the_browser(run: Any) -> None:
    result = run("""
      const { digestOf } = await at('sha256');
      const equal = [];
      for (const length of [0, 1, 55, 56, 63, 64, 65, 1000]) {
        const bytes = crypto.getRandomValues(new Uint8Array(length));
        const real = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
        equal.push(String(digestOf(bytes)) === String(real));
      }
      return equal;
    """)
    assert result == [True] * 8


def test_a_picture_is_made_small_and_loses_its_metadata(run: Any) -> None:
    result = run("""
      const { shrink, MOST_BYTES } = await at('photos');
      const canvas = new OffscreenCanvas(2400, 1800);
      const pen = canvas.getContext('2d');
      const noise = pen.createImageData(2400, 1800);
      for (let i = 0; i < noise.data.length; i += 1) noise.data[i] = (i * 2654435761) >>> 24;
      pen.putImageData(noise, 0, 0);
      const plain = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })).arrayBuffer());
      const mark = new TextEncoder().encode('Exif\\0\\0GPS CANARY');
      const file = new Blob([plain.slice(0, 2), new Uint8Array([0xff, 0xe1, 0, mark.length + 2]), mark, plain.slice(2)], { type: 'image/jpeg' });
      const { bytes, sha256 } = await shrink(file);
      const text = new TextDecoder('latin1').decode(bytes);
      return [file.size > MOST_BYTES, bytes.byteLength <= MOST_BYTES, text.includes('CANARY'), text.includes('Exif'), sha256.length];
    """)
    assert result == [True, True, False, False, 64]


def test_the_sketch_keeps_marks_apart_and_houses_in_the_order_of_their_numbers(run: Any) -> None:
    result = run("""
      const { project, byHouseNumber, scaleMetres } = await at('sketch');
      const places = Array.from({ length: 12 }, (_x, i) => ({ lat: 11.84 + (i % 3) * 0.00001, lon: 106.61 + i * 0.00001 }));
      const { points } = project(places, 340, 380, 34);
      let nearest = Infinity;
      points.forEach((a, i) => points.slice(i + 1).forEach((b) => { nearest = Math.min(nearest, Math.hypot(a.x - b.x, a.y - b.y)); }));
      const inside = points.every((p) => p.x >= 13 && p.x <= 327 && p.y >= 13 && p.y <= 367);
      const one = project([{ lat: 11.84, lon: 106.61 }], 340, 380, 34).points[0];
      return [nearest > 24, inside, Number.isFinite(one.x), ['12/3', '10', '12A', '9', '', '12'].sort(byHouseNumber), scaleMetres(1, 340)];
    """)
    assert result == [True, True, True, ["9", "10", "12", "12/3", "12A", ""], 50]


def test_the_next_door_is_no_reserve_whose_hour_is_over(run: Any) -> None:
    result = run("""
      const { upcoming } = await at('model');
      const when = (hour) => `2026-11-23T${hour}:00Z`;
      const visit = (position, hour, more = {}) => ({ uid: `v${position}`, shift_id: 1, position, starts_at: when(hour), state: 'due', ...more });
      const visits = [visit(1, '12:10', { reserve: true }), visit(2, '12:30')];
      const model = { shifts: [{ id: 1, ends_at: when('14:00') }], visits, rows: [], receipts: [] };
      return ['12:00', '12:11'].map((hour) => upcoming(model, Date.parse(when(hour))).visit.uid);
    """)
    assert result == ["v1", "v2"]


def test_what_the_server_has_just_taken_counts_until_it_tells_what_it_has(run: Any) -> None:
    result = run("""
      const { factsOf, freePeriods } = await at('model');
      const week = { monday: '2026-11-30', cells: [{ on_date: '2026-12-01', period: 'evening', available: true }] };
      const resident = { id: 5, phone: '0912', smartphone: false, working_pattern: 'home' };
      const receipt = (kind, body, verdict = 'accepted') => ({ kind, body, verdict, received_at: '2026-11-23T12:00:00+00:00' });
      const receipts = [
        receipt('availability', { monday: week.monday, free: ['2026-12-02_morning'] }), receipt('availability', { monday: week.monday, free: [] }, 'quarantined'),
        receipt('facts', { resident_id: 5, changes: { smartphone: { from: false, to: true } } }),
      ];
      const rows = [{ kind: 'facts', body: { resident_id: 5, changes: { working_pattern: { from: 'home', to: 'shift' } } } }];
      const seen = (pulled) => {
        const model = { person: { pulled_ms: Date.parse(pulled) }, receipts, rows };
        return [[...freePeriods(model, week)], factsOf(model, resident).smartphone, factsOf(model, resident).working_pattern];
      };
      return [seen('2026-11-23T11:59:00Z'), seen('2026-11-23T12:01:00Z')];
    """)
    assert result == [[["2026-12-02_morning"], True, "shift"], [["2026-12-01_evening"], False, "shift"]]


def test_days_and_hours_are_those_of_viet_nam(run: Any) -> None:
    instant = datetime(2026, 11, 22, 17, 30, tzinfo=UTC).timestamp() * 1000  # Monday 00:30 there
    result = run(f"""
      const words = await at('words');
      const ms = {instant};
      return [words.dateOf(ms), words.mondayOf(words.dateOf(ms)), words.hourText(ms), words.dayText(words.dateOf(ms)), words.deviceTime(ms),
        words.weekText('2026-12-28'), words.phoneText('0912345678')];
    """)
    assert result == [
        "2026-11-23", "2026-11-23", "00:30", "Thứ Hai 23/11", "2026-11-23T00:30:00+07:00", "Tuần 28/12–03/01/2027", "0912 345 678",
    ]  # fmt: skip
