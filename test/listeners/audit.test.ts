import { execFileSync, type StdioOptions } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { createAudit } from '../../src/listeners/audit.ts';
import { chainHolds, entry, linesOf } from './audit/entries.ts';

/** The limit also meets what tap writes at the child's end, which it says on stderr. */
const quietly: StdioOptions = ['ignore', 'pipe', 'ignore'];
const root = join(import.meta.dirname, '../..');
const quiet = { now: () => 1_700_000_000_000, write: () => undefined };

t.test('a file that cannot be opened is a mistake of the configuration', async (t) => {
  await t.rejects(createAudit({ ...quiet, path: join(t.testdir(), 'none', 'audit.jsonl') }), {
    code: 'config.invalid',
  });
});

t.test('a file that is not an audit is not continued', async (t) => {
  const dir = t.testdir({ 'audit.jsonl': '{"hello":1}\n' });
  await t.rejects(createAudit({ ...quiet, path: join(dir, 'audit.jsonl') }), { code: 'config.invalid' });
});

t.test('a file that does not end in a line of ours is not continued, and keeps every byte', async (t) => {
  for (const text of ['x'.repeat(500_000), '{"seq":1}\n', '\n', `${'y'.repeat(300_000)}\nz`, '{"hello"']) {
    const dir = t.testdir({ 'audit.jsonl': text });
    const path = join(dir, 'audit.jsonl');
    await t.rejects(createAudit({ ...quiet, path }), { code: 'config.invalid', message: /not one of ours/ });
    t.equal(readFileSync(path, 'utf8'), text);
    t.same(readdirSync(dir), ['audit.jsonl']);
  }
});

t.test('an entry is on disk before it is reported as kept, and only its owner may read it', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const audit = await createAudit({ ...quiet, path });
  await audit.record(entry('r1'));
  t.match(JSON.parse(linesOf(path)[0] ?? ''), {
    seq: 1,
    at: '2023-11-14T22:13:20.000Z',
    kind: 'state',
    run: 'r1',
  });
  t.equal(statSync(path).mode & 0o777, 0o600);
  await audit.close();
});

t.test('many at once keep their order and the chain, also over a restart', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const first = await createAudit({ ...quiet, path });
  await Promise.all(Array.from({ length: 200 }, (_, at) => first.record(entry(`r${at}`))));
  await first.close();
  const second = await createAudit({ ...quiet, path });
  await second.record(entry('last'));
  await second.close();
  const lines = linesOf(path);
  t.equal(lines.length, 201);
  t.ok(chainHolds(lines));
  t.notOk(chainHolds([...lines.slice(0, 5), ...lines.slice(6)]), 'a line that is missing shows');
  t.equal(JSON.parse(lines[7] ?? '').run, 'r7');
});

t.test('a line that a crash cut off is kept aside, and the chain goes on', async (t) => {
  const dir = t.testdir();
  const path = join(dir, 'audit.jsonl');
  const first = await createAudit({ ...quiet, path });
  await first.record(entry('r1'));
  await first.close();
  appendFileSync(path, '{"seq":2,"at":"2023');
  const second = await createAudit({ ...quiet, path });
  await second.record(entry('r2'));
  await second.close();
  t.ok(chainHolds(linesOf(path)));
  t.equal(linesOf(path).length, 2);
  const torn = readdirSync(dir).find((name) => name.includes('.torn-'));
  t.equal(readFileSync(join(dir, torn ?? ''), 'utf8'), '{"seq":2,"at":"2023');
});

t.test('a write that fails half way leaves nothing behind for the next one', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  // A file size limit of 2 KiB stands in for a disk that is full in the middle of a line.
  const program = `
    import { createAudit } from ${JSON.stringify(join(root, 'dist/listeners/audit.js'))};
    process.on('SIGXFSZ', () => {});
    const audit = await createAudit({ path: ${JSON.stringify(path)}, now: () => 0, write: () => {} });
    const entry = (run) => ({ kind: 'state', run, from: 'queued', to: 'running', because: null });
    let refused = 0;
    for (let at = 0; at < 8; at++) await audit.record(entry('r' + at));
    await audit.record(entry('x'.repeat(900))).catch(() => refused++);
    await audit.record(entry('r-last'));
    console.log(refused);`;
  const limited = `ulimit -f 2; exec ${process.execPath} --input-type=module -e "$0"`;
  const refused = Number(
    execFileSync('bash', ['-c', limited, program], { encoding: 'utf8', stdio: quietly }),
  );
  t.equal(refused, 1);
  const lines = linesOf(path);
  t.equal(lines.length, 10);
  t.match(lines[8], /"kind":"gap","refused":1,"missing":0/, 'and a line says that one was refused');
  t.ok(chainHolds(lines));
  t.match(lines.at(-1), /r-last/);
});

t.test('what cannot be written is refused, and the audit says so until a write goes well', async (t) => {
  let full = true;
  const written: string[] = [];
  const write = (line: string): void => {
    if (full) throw new Error('no space left');
    written.push(line);
  };
  const audit = await createAudit({ ...quiet, path: undefined, write });
  await t.rejects(audit.record(entry('r1')), { code: 'accept.unavailable' });
  t.equal(audit.writable(), false);
  full = false;
  await audit.record(entry('r2'));
  t.equal(audit.writable(), true);
  t.ok(chainHolds(written), 'the refused entry left no gap');
});
