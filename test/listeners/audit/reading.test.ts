import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { linesBackwards } from '../../../src/listeners/audit/backwards.ts';
import { linesForwards } from '../../../src/listeners/audit/forwards.ts';
import { readBack } from '../../../src/listeners/audit/reading.ts';

const lineOf = (seq: number, at: number, kind = 'restored'): string =>
  `${JSON.stringify({ seq, at: new Date(at).toISOString(), prev: '0'.repeat(64), kind, run: `r${seq}` })}\n`;

const seqs = async (path: string, since: number): Promise<readonly number[]> =>
  (await readBack(path, since)).map(({ seq }) => seq);

t.test('a file that is not there holds nothing', async (t) => {
  t.same(await readBack(join(t.testdir(), 'none.jsonl'), 0), []);
});

t.test('a folder is not an audit', async (t) => {
  await t.rejects(readBack(t.testdir(), 0));
});

t.test('what is read', async (t) => {
  const three = lineOf(1, 1000) + lineOf(2, 2000) + lineOf(3, 3000);
  const cases: readonly (readonly [string, string, number, readonly number[]])[] = [
    ['nothing of an empty file', '', 0, []],
    ['nothing of a line that is cut off', '{"seq":1,"at":"2026', 0, []],
    ['everything, oldest first', three, 0, [1, 2, 3]],
    ['the lines from a moment on', three, 2000, [2, 3]],
    ['nothing when all is older', three, 3001, []],
    [
      'all but a line that is cut off, even one that could be read',
      three + lineOf(4, 4000).trimEnd(),
      0,
      [1, 2, 3],
    ],
    [
      'all but lines that are not ours',
      `${lineOf(1, 1000)}hello\n\n{"seq":"2"}\n${lineOf(3, 3000)}`,
      0,
      [1, 3],
    ],
    ['all but the word of a gap', lineOf(1, 1000) + lineOf(2, 2000, 'gap') + lineOf(3, 3000), 0, [1, 3]],
  ];
  for (const [name, text, since, expected] of cases) {
    const dir = t.testdir({ 'a.jsonl': text });
    t.same(await seqs(join(dir, 'a.jsonl'), since), expected, name);
  }
});

t.test('an entry comes with its number and its time in milliseconds, without the chain', async (t) => {
  const dir = t.testdir({ 'a.jsonl': lineOf(7, 1_700_000_000_123) });
  t.same(await readBack(join(dir, 'a.jsonl'), 0), [
    { kind: 'restored', run: 'r7', seq: 7, at: 1_700_000_000_123 },
  ]);
});

t.test('a long file is read from its end only', async (t) => {
  const many = Array.from({ length: 20_000 }, (_, at) => lineOf(at + 1, at)).join('');
  const dir = t.testdir({ 'a.jsonl': many });
  t.same(await seqs(join(dir, 'a.jsonl'), 19_998), [19_999, 20_000]);
  t.equal((await seqs(join(dir, 'a.jsonl'), 0)).length, 20_000);
});

t.test('backwards or forwards, in chunks of any size, the lines are the same', async (t) => {
  const piece = fc.constantFrom('', 'a', 'é', 'long line of text', '{"x":1}', '\r');
  const path = join(t.testdir(), 'f');
  const chunkBytes = fc.integer({ min: 1, max: 9 });
  await fc.assert(
    fc.asyncProperty(fc.array(piece), fc.boolean(), chunkBytes, async (pieces, end, chunk) => {
      const text = Buffer.from(pieces.join('\n') + (end ? '\n' : ''));
      writeFileSync(path, text);
      const file = await open(path, 'r');
      let right = true;
      let place = text.length;
      const backwards: string[] = [];
      for await (const { bytes, start, whole } of linesBackwards(file, text.length, chunk)) {
        backwards.unshift(bytes.toString());
        place -= bytes.length + (whole ? 1 : 0);
        right &&= start === place && whole === (text[start + bytes.length] === 10);
      }
      await file.close();
      const forwards: string[] = [];
      for await (const lines of linesForwards(path))
        forwards.push(...lines.map(({ bytes }) => String(bytes)));
      const expected = text.toString().split('\n');
      if (expected.at(-1) === '') expected.pop();
      const [one, two, three] = [backwards, forwards, expected].map((lines) => JSON.stringify(lines));
      return right && place === 0 && one === three && two === three;
    }),
    { numRuns: 300 },
  );
});

t.test('a part of a file, and a line longer than any of ours', async (t) => {
  const path = join(t.testdir({ f: 'one\ntwo\nthree\n' }), 'f');
  const read = async (from: number, to?: number) => {
    const found: string[] = [];
    for await (const lines of linesForwards(path, from, to))
      found.push(...lines.map(({ bytes, whole }) => (whole ? String(bytes) : `${bytes}...`)));
    return found;
  };
  t.same(await read(4, 8), ['two']);
  t.same(await read(4, 10), ['two', 'th...']);
  t.same(await read(4, 4), []);
  writeFileSync(path, `${'x'.repeat(40 * 1024 * 1024)}\nlast\n`);
  const lines = await read(0);
  t.equal(lines.at(-1), 'last');
  t.ok(lines.length > 2, 'it comes in pieces');
});
