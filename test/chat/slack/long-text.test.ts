import t from 'tap';
import { section } from '../../../src/chat/slack/blocks.ts';
import { fencedLines, words } from '../../../src/chat/slack/mrkdwn.ts';
import { packed } from '../../../src/chat/slack/pack.ts';
import { growth } from './growth.ts';

const hostile: Readonly<Record<string, (size: number) => string>> = {
  'a colon before a long word': (size) => `:${'a'.repeat(size)}`,
  'a colon before many digits': (size) => `:${'1'.repeat(size)}`,
  'colons alone': (size) => ':'.repeat(size),
  'a digit, a colon and a long word': (size) => `1:${'a'.repeat(size)}`,
  'many times of day': (size) => '12:30:45'.repeat(size / 8),
  'marks that could style': (size) => '*_~`'.repeat(size / 4),
  blanks: (size) => ' '.repeat(size),
};

for (const [name, textOf] of Object.entries(hostile)) {
  t.test(`${name}: work grows with the length, not with its square`, async (t) => {
    const times = growth(4000, textOf, (text) => words(text, text.length * 2));
    t.ok(times < 8, `four times the length, ${times} times the work`);
  });
}

t.test('line breaks inside a fence: work grows with the length, not with its square', async (t) => {
  const textOf = (size: number) => `${'\n\t'.repeat(3)}${'\n'.repeat(size)}x`;
  const times = growth(4000, textOf, (text) => fencedLines(text, (line) => line));
  t.ok(times < 8, `four times the length, ${times} times the work`);
});

t.test('of a long text only what has room is looked at', async (t) => {
  const times = growth(
    50_000,
    (size) => 'a*:b:'.repeat(size / 5),
    (text) => words(text, 100),
  );
  t.ok(times < 2, `four times the length, ${times} times the work`);
});

t.test('a long text whose beginning shows nothing still says that there is more', async (t) => {
  t.equal(words(`${'\u0000'.repeat(1000)}x`, 100), '…');
});

/** Draws one section of that length and keeps the rooms that it was asked for. */
const drawn = (rooms: number[], lengthIn: (room: number) => number) => (room: number) => {
  rooms.push(room);
  return [section('x'.repeat(lengthIn(room)))];
};

t.test('a draft that fits is drawn once', async (t) => {
  const rooms: number[] = [];
  packed([{ rank: 0, draw: drawn(rooms, () => 1) }], 12_000);
  t.same(rooms, [9000]);
});

t.test('a draft that is too large is drawn smaller until it fits', async (t) => {
  const rooms: number[] = [];
  packed([{ rank: 0, draw: drawn(rooms, (room) => (room > 1900 ? 6000 : 10)) }], 5000);
  t.equal(rooms.at(-1), 1900);
  t.equal(new Set(rooms).size, rooms.length, 'no size is drawn twice');
});
