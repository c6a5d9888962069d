import { join } from 'node:path';
import t from 'tap';
import { audit } from '../../src/cli/audit.ts';
import { readTime } from '../../src/cli/audit-search.ts';
import { lineOf, rows } from './audit-entries.ts';

const noon = Date.UTC(2026, 10, 21, 12);

const run = async (...args: readonly string[]) => {
  let printed = '';
  let complained = '';
  const code = await audit(['search', ...args], {
    print: (text) => {
      printed += text;
    },
    complain: (text) => {
      complained += text;
    },
    now: () => noon,
  });
  return { code, printed, complained };
};

const file = (t: Tap, lines: readonly string[], name = 'audit.jsonl'): string =>
  join(t.testdir({ [name]: lines.map((line) => `${line}\n`).join('') }), name);
type Tap = { testdir(content: Record<string, string>): string };

t.test('what is asked wrongly', async (t) => {
  const path = file(t, []);
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no file', [], /^Name the audit file\./],
    ['an unknown option', [path, '--who', 'ana'], /--who/],
    ['a time that is none', [path, '--since', 'yesterday'], /^--since: "yesterday" is not a time\./],
    ['another that is none', [path, '--until', '2026-13-41'], /^--until: "2026-13-41" is not a time\./],
    ['a file that is not there', [`${path}.none`], /ENOENT/],
  ];
  for (const [name, args, complained] of cases) {
    const answer = await run(...args);
    t.equal(answer.code, 2, name);
    t.match(answer.complained, complained, name);
    t.equal(answer.printed, '', name);
  }
});

t.test('every kind of entry has its line', async (t) => {
  const path = file(
    t,
    rows.map(([entry], at) => lineOf(at + 1, noon + at * 1000, entry)),
  );
  const { code, printed, complained } = await run(path);
  t.same({ code, complained }, { code: 0, complained: '' });
  t.same(
    printed.trimEnd().split('\n'),
    rows.map(([, words], at) => `2026-11-21 12:00:${String(at).padStart(2, '0')}Z  ${words}`),
  );
});

t.test('what is found', async (t) => {
  const who = { account: 'slack:T1/U2', person: 'ana', channel: 'slack:T1/C3' };
  const bo = { ...who, account: 'slack:T1/U9', person: 'bo' };
  const decided = { kind: 'decision', purpose: 'run', input: {}, rule: null, revision: 'r', microseconds: 1 };
  const lines = [
    { ...decided, run: 'ci_1', command: 'lb weight', line: 'lb weight web 1', allowed: true, ...who },
    { ...decided, run: null, command: 'release', line: 'release web', allowed: false, ...bo },
    { kind: 'state', run: 'ci_1', from: 'queued', to: 'running', because: null },
    { kind: 'refused', because: 'typed twice', command: 'lb weight', run: 'ci_1', ...who },
  ].map((entry, at) => lineOf(at + 1, noon - 3_600_000 * (4 - at), entry));
  const path = file(t, lines);
  const cases: readonly (readonly [string, readonly string[], readonly number[]])[] = [
    ['everything', [], [1, 2, 3, 4]],
    ['a run', ['--run', 'ci_1'], [1, 3, 4]],
    ['an account', ['--account', 'slack:T1/U9'], [2]],
    ['a person', ['--person', 'ana'], [1, 4]],
    ['a command', ['--command', 'lb weight'], [1, 4]],
    ['a kind', ['--kind', 'state'], [3]],
    ['what was denied', ['--denied'], [2]],
    ['the last two hours', ['--since', '2h'], [3, 4]],
    ['from a moment on', ['--since', '2026-11-21T10:00'], [3, 4]],
    ['up to a moment', ['--until', '2026-11-21T09:00:00Z'], [1, 2]],
    ['all of it together', ['--person', 'ana', '--command', 'lb weight', '--since', '90m'], [4]],
    ['nothing', ['--person', 'nobody'], []],
  ];
  for (const [name, args, seqs] of cases) {
    const { code, printed } = await run(path, ...args, '--json');
    t.equal(code, 0, name);
    const expected = seqs.map((seq) => `${lines[seq - 1]}\n`).join('');
    t.equal(printed, expected, `${name}: the lines as they are`);
  }
});

t.test('several files become one, in the order of time', async (t) => {
  const one = (seq: number, at: number): string => lineOf(seq, at, { kind: 'restored', run: `${at}` });
  const dir = t.testdir({
    a: [one(1, 10), one(2, 40), one(3, 50)].map((line) => `${line}\n`).join(''),
    b: [one(1, 20), one(2, 30), one(3, 60)].map((line) => `${line}\n`).join(''),
    c: '',
  });
  const { printed } = await run(join(dir, 'a'), join(dir, 'b'), join(dir, 'c'), '--json');
  const times = printed.trimEnd().split('\n');
  t.same(
    times.map((line) => JSON.parse(line).run),
    ['10', '20', '30', '40', '50', '60'],
  );
});

t.test('lines that are not ours are passed over, and that is said', async (t) => {
  const path = file(t, [lineOf(1, noon, { kind: 'restored', run: 'r' }), 'hello']);
  const { code, printed, complained } = await run(path);
  t.equal(code, 0);
  t.equal(printed.split('\n').length, 2);
  t.match(complained, /^1 line of it is not an entry/);
});

t.test('a moment, or how long ago', async (t) => {
  const cases: readonly (readonly [string, number | undefined])[] = [
    ['90s', noon - 90_000],
    ['30m', noon - 1_800_000],
    ['7d', noon - 7 * 86_400_000],
    ['2026-11-21', Date.UTC(2026, 10, 21)],
    ['2026-11-21T14:00', Date.UTC(2026, 10, 21, 14)],
    ['2026-11-21 14:00:05', Date.UTC(2026, 10, 21, 14, 0, 5)],
    ['2026-11-21T14:00+02:00', noon],
    ['', undefined],
    ['2', undefined],
    ['2y', undefined],
    ['-2h', undefined],
    ['2026-11-21T25:00', undefined],
  ];
  for (const [text, expected] of cases) t.equal(readTime(text, noon), expected, text);
});
