import { open } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { linesBackwards } from '../../../src/listeners/audit/backwards.ts';
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
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece),
      fc.boolean(),
      fc.integer({ min: 1, max: 9 }),
      async (lines, end, chunk) => {
        const text = lines.join('\n') + (end ? '\n' : '');
        const dir = t.testdir({ f: text });
        const file = await open(join(dir, 'f'), 'r');
        const read: string[] = [];
        let joined = Buffer.alloc(0);
        for await (const line of linesBackwards(file, Buffer.byteLength(text), chunk)) {
          read.unshift(line.bytes.toString());
          const bytes = line.whole ? Buffer.concat([line.bytes, Buffer.from('\n')]) : line.bytes;
          t.equal(line.start, Buffer.byteLength(text) - joined.length - bytes.length);
          joined = Buffer.concat([bytes, joined]);
        }
        await file.close();
        t.equal(joined.toString(), text);
        const expected = text.split('\n');
        if (expected.at(-1) === '') expected.pop();
        t.same(read, expected);
      },
    ),
    { numRuns: 150 },
  );
});
