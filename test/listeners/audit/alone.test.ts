import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openAuditFile } from '../../../src/listeners/audit/file.ts';
import { createAudit } from '../../../src/listeners/audit.ts';
import { chainHolds, entry, linesOf, runsOf } from './entries.ts';

const quiet = { now: () => 1_700_000_000_000, write: () => undefined };
const root = join(import.meta.dirname, '../../..');
const notAlone = { code: 'accept.unavailable', message: /each instance needs its own AUDIT_FILE/ };

t.test('of two audits on one file the one that comes second writes nothing and says why', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const [one, two] = await Promise.all([createAudit({ ...quiet, path }), createAudit({ ...quiet, path })]);
  await one.record(entry('one-1'));
  await t.rejects(two.record(entry('two-1')), notAlone);
  t.equal(two.writable(), false);
  await one.record(entry('one-2'));
  t.equal(one.writable(), true);
  await Promise.all([one.close(), two.close()]);
  t.same(runsOf(path), ['one-1', 'one-2']);
  t.ok(chainHolds(linesOf(path)));
});

t.test('what somebody else did to the file is neither written over nor cut off', async (t) => {
  const mine = 'mine';
  const cases: readonly (readonly [string, (path: string) => void, RegExp])[] = [
    ['a whole line of another', (path) => appendFileSync(path, '{"other":1}\n'), /has written to it/],
    ['some bytes of another', (path) => appendFileSync(path, 'x'), /has written to it/],
    ['the end cut off', (path) => truncateSync(path, 10), /has cut it off/],
    ['everything cut off', (path) => truncateSync(path, 0), /has cut it off/],
    ['the file moved away', (path) => renameSync(path, `${path}.1`), /moved away or replaced/],
    [
      'another file in its place',
      (path) => {
        const text = readFileSync(path);
        renameSync(path, `${path}.1`);
        writeFileSync(path, text);
      },
      /moved away or replaced/,
    ],
  ];
  for (const [name, change, message] of cases) {
    const dir = t.testdir();
    const path = join(dir, 'audit.jsonl');
    const audit = await createAudit({ ...quiet, path });
    await audit.record(entry(mine));
    change(path);
    const before = readdirSync(dir).map((file) => readFileSync(join(dir, file), 'utf8'));
    await t.rejects(audit.record(entry('refused')), { ...notAlone, message }, name);
    t.equal(audit.writable(), false, name);
    await audit.recordDone(entry('waits'));
    t.same(audit.counts(), { waiting: 1, missing: 0 }, name);
    await audit.close();
    const after = readdirSync(dir).map((file) => readFileSync(join(dir, file), 'utf8'));
    t.same(after, before, `${name}: every byte stays`);
  }
});

t.test('what a crash left is cut off only as long as it is that', async (t) => {
  const path = join(t.testdir({ 'audit.jsonl': '{"seq":1,' }), 'audit.jsonl');
  const file = await openAuditFile(path, quiet.now);
  appendFileSync(path, '"of another":1}\n');
  await t.rejects(file.mend(), { ...notAlone, message: /another process has changed it/ });
  await t.rejects(file.append(['{}']), notAlone);
  t.equal(readFileSync(path, 'utf8'), '{"seq":1,"of another":1}\n');
  writeFileSync(path, '{"seq":1,');
  await file.append(['{}']);
  t.equal(readFileSync(path, 'utf8'), '{}\n');
  t.equal(readFileSync(`${path}.torn-${quiet.now()}`, 'utf8'), '{"seq":1,');
  await file.close();
});

t.test('a torn line that still grows belongs to a process that is writing', async (t) => {
  const path = join(t.testdir({ 'audit.jsonl': '{"seq":1,' }), 'audit.jsonl');
  const opened = createAudit({ ...quiet, path });
  const timer = setInterval(() => appendFileSync(path, 'x'), 5);
  await t.rejects(opened, { code: 'config.invalid', message: /another process writes to it/ });
  clearInterval(timer);
  t.match(readFileSync(path, 'utf8'), /^\{"seq":1,x+$/);
});

const program = (path: string, name: string): string => `
  import { createAudit } from ${JSON.stringify(join(root, 'dist/listeners/audit.js'))};
  const audit = await createAudit({ path: ${JSON.stringify(path)}, now: Date.now, write: () => {} });
  console.log('ready');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  const count = { kept: 0, refused: 0 };
  const one = (at) => audit.record({ kind: 'restored', run: '${name}-' + at })
    .then(() => { count.kept += 1; console.log('kept ${name}-' + at); }, () => { count.refused += 1; });
  for (let at = 0; at < 300; at += 3) await Promise.all([one(at), one(at + 1), one(at + 2)]);
  console.log('end ' + JSON.stringify({ ...count, writable: audit.writable() }));
  process.exit(0);`;

const start = (path: string, name: string): { child: ChildProcess; text: () => string } => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(path, name)]);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return { child, text: () => text };
};

t.test('of two processes that write one file at once, at most one goes on', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const both = [start(path, 'a'), start(path, 'b')];
  for (const { child, text } of both)
    while (!text().includes('ready')) await once(child.stdout ?? child, 'data');
  for (const { child } of both) child.stdin?.write('go\n');
  await Promise.all(both.map(({ child }) => once(child, 'close')));
  const ends = both.map(({ text }) => JSON.parse(/end (.*)/.exec(text())?.[1] ?? '{}'));
  t.ok(ends.filter(({ writable }) => writable).length <= 1, JSON.stringify(ends));
  t.ok(ends.some(({ refused }) => refused > 0));
  const said = both.flatMap(({ text }) => [...text().matchAll(/^kept (.*)$/gm)].map(([, run]) => run));
  const there = new Set(runsOf(path));
  t.same(
    said.filter((run) => !there.has(run ?? '')),
    [],
    'what was reported as kept is in the file',
  );
});
