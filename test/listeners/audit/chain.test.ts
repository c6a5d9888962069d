import fc from 'fast-check';
import t from 'tap';
import { beginning, chained, hashOf, zeros } from '../../../src/listeners/audit/chain.ts';
import { readLine } from '../../../src/listeners/audit/line.ts';
import { createChainCheck } from '../../../src/listeners/audit/verification.ts';

const timed = fc.record({
  told: fc.record({
    kind: fc.constant('resolved' as const),
    run: fc.string({ unit: 'binary' }),
    as: fc.constant('failed' as const),
    account: fc.string(),
    person: fc.option(fc.string()),
    channel: fc.string(),
  }),
  at: fc.integer({ min: 0, max: 4_000_000_000_000 }),
});

t.test('any entries, in batches of any size, make one chain that is whole', async () => {
  fc.assert(
    fc.property(fc.array(fc.array(timed)), (batches) => {
      let chain = beginning;
      const lines: string[] = [];
      for (const batch of batches) {
        const next = chained(batch, chain);
        lines.push(...next.lines);
        chain = next.chain;
      }
      const check = createChainCheck();
      for (const line of lines) check.line(Buffer.from(line), true);
      const last = lines.at(-1);
      return (
        check.end() === undefined &&
        lines.every((line) => !line.includes('\n')) &&
        chain.seq === lines.length &&
        chain.prev === (last === undefined ? zeros : hashOf(last)) &&
        chain.id === (lines[0] === undefined ? undefined : hashOf(lines[0]))
      );
    }),
  );
});

t.test('a line tells again what it was made of', async () => {
  fc.assert(
    fc.property(timed, (one) => {
      const [line = ''] = chained([one], beginning).lines;
      const read = readLine(line);
      const { kind, ...rest } = one.told;
      return (
        read?.seq === 1 &&
        read.at === one.at &&
        read.kind === kind &&
        JSON.stringify(read.told) === JSON.stringify(rest)
      );
    }),
  );
});

t.test('what is not a line of ours', async (t) => {
  const good = { seq: 1, at: '2026-11-21T00:00:00.000Z', prev: zeros, kind: 'restored' };
  const cases: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a number of zero', JSON.stringify({ ...good, seq: 0 })],
    ['a number that is text', JSON.stringify({ ...good, seq: '1' })],
    ['a number with a fraction', JSON.stringify({ ...good, seq: 1.5 })],
    ['no time', JSON.stringify({ ...good, at: 'yesterday' })],
    ['a hash that is too short', JSON.stringify({ ...good, prev: 'abc' })],
    ['no kind', JSON.stringify({ ...good, kind: undefined })],
  ];
  t.ok(readLine(JSON.stringify(good)));
  for (const [name, text] of cases) t.equal(readLine(text), undefined, name);
});
