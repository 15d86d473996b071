# ruff: noqa: E501 - a script for the browser, one statement a line
"""Where the app's modules are tried one by one."""

# A phone of two people, each with some events, and a server that answers as `reply` says.
STAGE = """
const at = (name) => import(`ROOT/field/${name}.js`);
const [{ openStore, remember }, outbox, { createSync }, { ApiError }, people] =
  await Promise.all(['store', 'outbox', 'sync', 'api', 'people'].map(at));
const db = await openStore();
for (const store of ['docs', 'outbox', 'receipts', 'photos', 'people', 'meta']) await db.clear(store);
const names = { 7: 'Minh', 8: 'Nga' };
const told = (user_id) => ({ user_id, name: names[user_id], role: 'volunteer', language: 'vi', volunteer_id: user_id });
let epoch = 'one';
const hello = (now = Date.now) => ({ epoch, now: new Date(now()).toISOString(), client: { current: 1, oldest: 1 }, people: [told(7), told(8)], revoked: [] });
await people.takeOverPeople(db, hello());
const made = async (user, count) => {
  const rows = [];
  for (let i = 0; i < count; i += 1) rows.push(await outbox.record(db, user, 'visit', { outcome: 'absent', note: 'riêng tư' }, { now: 1000 + i }));
  return rows.map((row) => row.event_id);
};
const verdict = (event, word = 'accepted') => ({ event_id: event.event_id, verdict: word, status: 200, code: 'x', message_vi: 'vi', message_en: 'en',
  flags: [], hash: 'h'.repeat(8), received_at: new Date().toISOString() });
const calls = [];
const server = (reply, now = Date.now) => async (method, path, { person, json } = {}) => {
  calls.push([path.split('?')[0].split('/')[1], person, json?.events?.map((e) => e.event_id) ?? null]);
  if (path === '/hello') return hello(now);
  if (path === '/pull') return { epoch, now: new Date().toISOString(), person: told(person), expires_at: '2099-01-01T00:00:00Z', put: [], gone: [] };
  return reply({ path, person, events: json?.events ?? [] });
};
const answered = (events) => ({ epoch, now: new Date().toISOString(), verdicts: events.map((e) => verdict(e)) });
const round = async (reply, wish = { all: true }) => { const sync = createSync({ db, call: server(reply) }); await sync.request(wish); return sync; };
"""
