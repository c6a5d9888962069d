import t from 'tap';
import { tour } from '../../../src/sandbox/page/tour.ts';
import { type Change, emptyView, keyOf, next, threadsOf, type View } from '../../../src/sandbox/page/view.ts';
import type { Exchange, Message, State } from '../../../src/sandbox/slack/types.ts';

const message = (ts: string, more: Partial<Message> = {}): Message => ({
  ts,
  channel: 'C1',
  from: 'app',
  user: 'UAPP',
  text: `text ${ts}`,
  blocks: [],
  threadTs: null,
  onlyFor: null,
  edited: false,
  deleted: false,
  ...more,
});
const exchange = (id: number): Exchange => ({
  id,
  at: id,
  direction: 'to app',
  what: '/slack/commands',
  status: 200,
  milliseconds: 10,
  note: '',
  request: '',
  response: '',
});
const channel = (id: string, name: string) => ({ id, name, purpose: '', isPrivate: false, members: [] });
const person = (id: string, username: string, name: string) => ({
  ...{ id, username, name, title: '', color: '', isGuest: false, locale: 'en' },
});
const state: State = {
  team: { id: 'T1', name: 'Team' },
  app: { userId: 'UAPP', name: 'ChatOps', command: '/chatops' },
  people: [person('UANA', 'ana', 'Ana'), person('UBO', 'bo', 'Bo')],
  channels: [channel('C1', 'ops-prod'), channel('C2', 'shop-dev')],
  messages: [message('2.0'), message('1.0')],
  exchanges: [],
  suggestions: [],
  links: [],
};
const loaded: Change = { kind: 'loaded', as: 'UANA', state };
const came = (value: Message, openChannel = 'C1'): Change => ({
  kind: 'came',
  event: { event: 'message', value },
  openChannel,
});
const after = (...changes: readonly Change[]): View => changes.reduce(next, emptyView);
const stamps = (view: View) => view.state?.messages.map(({ ts }) => ts);

t.test('an event before the first state changes nothing', async (t) => {
  t.strictSame(after(came(message('1.0'))), emptyView);
});

t.test('messages stand in the order of their time, each once', async (t) => {
  t.strictSame(stamps(after(loaded)), ['1.0', '2.0'], 'as loaded');
  t.strictSame(stamps(after(loaded, came(message('1.5')))), ['1.0', '1.5', '2.0'], 'a new one between');
  const view = after(loaded, came(message('1.0', { text: 'changed', edited: true })));
  t.strictSame(stamps(view), ['1.0', '2.0'], 'a changed one stays in place');
  t.equal(view.state?.messages[0]?.text, 'changed');
});

t.test('a message with the same time in another channel is another message', async (t) => {
  const other = message('1.0', { channel: 'C2' });
  const view = after(loaded, came(other));
  t.equal(view.state?.messages.length, 3);
  t.equal(view.changes.get(keyOf(other)), undefined);
});

t.test('changes are counted while one person looks, and forgotten for another', async (t) => {
  const twice = after(loaded, came(message('1.0')), came(message('1.0')));
  t.equal(twice.changes.get('C1/1.0'), 2);
  t.equal(next(twice, loaded).changes.get('C1/1.0'), 2, 'the same person after a reconnect');
  t.equal(next(twice, { ...loaded, as: 'UBO' }).changes.size, 0, 'another person');
});

t.test('a closed channel with something new is unread until it is opened', async (t) => {
  const view = after(loaded, came(message('3.0', { channel: 'C2' })));
  t.strictSame([...view.unread], ['C2']);
  t.strictSame([...next(view, { kind: 'opened', channel: 'C2' }).unread], []);
  t.strictSame([...after(loaded, came(message('3.0'))).unread], [], 'the open one never');
  t.strictSame(
    [...after(loaded, came(message('3.0', { channel: 'C2', deleted: true }))).unread],
    [],
    'not a deletion',
  );
});

t.test('only what happens in the open channel is spoken', async (t) => {
  t.equal(after(loaded).spoken, '', 'not what was there before');
  t.equal(after(loaded, came(message('3.0'))).spoken, 'ChatOps: text 3.0');
  t.equal(after(loaded, came(message('3.0', { channel: 'C2' }))).spoken, '');
  const typed = message('3.0', { from: 'person', user: 'UBO', text: 'hi' });
  t.equal(after(loaded, came(typed)).spoken, 'Bo: hi');
});

t.test('a message for a channel that is not listed asks for a new state', async (t) => {
  t.equal(after(loaded, came(message('3.0', { channel: 'C2' }))).strangers, 0);
  t.equal(after(loaded, came(message('3.0', { channel: 'D9' }))).strangers, 1);
});

t.test('channels that another person saw are kept for the tour', async (t) => {
  const less = { ...state, channels: [channel('C2', 'shop-dev')] };
  const view = after(loaded, { kind: 'loaded', as: 'UBO', state: less });
  t.strictSame(
    view.channels.map(({ id }) => id),
    ['C2', 'C1'],
  );
});

t.test('exchanges stand in order, each once, the newest 200', async (t) => {
  const exchanges = [3, 1, 2, 3].map(
    (id): Change => ({ kind: 'came', event: { event: 'exchange', value: exchange(id) }, openChannel: 'C1' }),
  );
  t.strictSame(
    after(loaded, ...exchanges).state?.exchanges.map(({ id }) => id),
    [1, 2, 3],
  );
});

t.test('a step of the tour is done when its person typed it in its channel', async (t) => {
  const typed = (user: string, channel: string, text: string) => [
    ...after(loaded, came(message('3.0', { from: 'person', user, channel, text }))).done,
  ];
  t.strictSame(typed('UANA', 'C2', '/chatops lb weight web 10'), [], 'in another channel');
  t.strictSame(typed('UANA', 'C1', 'lb weight web 10'), [], 'without the command');
  t.strictSame(typed('UANA', 'C1', '/chatops lb weight web 10'), ['wait']);
  t.strictSame(typed('UBO', 'C2', '/chatops lb weight web 10'), ['refused']);
  t.equal(new Set(tour.map(({ id }) => id)).size, tour.length);
});

t.test('replies stand under their message', async (t) => {
  const root = message('1.0', { threadTs: '1.0' });
  const reply = message('2.0', { threadTs: '1.0' });
  const orphan = message('3.0', { threadTs: '0.5' });
  const gone = message('4.0', { deleted: true });
  const elsewhere = message('5.0', { channel: 'C2' });
  t.strictSame(threadsOf([root, reply, orphan, gone, elsewhere], 'C1'), [
    { root, replies: [reply] },
    { root: orphan, replies: [] },
  ]);
});
