import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { publicKeyOf } from '../../../src/listeners/audit/checkpoint.ts';
import { verifyFile } from '../../../src/listeners/audit/verify-file.ts';
import { createAudit } from '../../../src/listeners/audit.ts';
import { keys } from './a-log.ts';
import { chainHolds, entry, linesOf, until } from './entries.ts';

const root = join(import.meta.dirname, '../../..');
const quiet = { now: () => 1_700_000_000_000, path: undefined };
const soon = { firstMs: 1, mostMs: 5 };

/** A place that can be full. */
const disk = () => {
  const written: string[] = [];
  const state = { full: false, tries: 0 };
  const write = (line: string): void => {
    state.tries += 1;
    if (state.full) throw new Error('no space left');
    written.push(line);
  };
  return { written, write, state };
};

const told = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => {
    const { kind, run, refused, missing } = JSON.parse(line);
    return kind === 'gap' ? `gap ${refused} ${missing}` : run;
  });

t.test('what must be on disk first is refused at once; what has happened waits in its order', async (t) => {
  const { written, write, state } = disk();
  const audit = await createAudit({ ...quiet, write, retry: soon });
  await audit.record(entry('before'));
  state.full = true;
  await audit.recordDone(entry('done-1'));
  await t.rejects(audit.record(entry('intent')), { code: 'accept.unavailable' });
  await Promise.all([audit.recordDone(entry('done-2')), audit.recordDone(entry('done-3'))]);
  t.equal(audit.writable(), false);
  t.same(audit.counts(), { waiting: 3, missing: 0 });
  state.full = false;
  await until(audit.writable);
  t.same(told(written), ['before', 'done-1', 'gap 1 0', 'done-2', 'done-3']);
  t.ok(chainHolds(written));
  t.same(audit.counts(), { waiting: 0, missing: 0 });
  await audit.close();
});

t.test('it is tried again by itself, so that a gateway that nobody asks becomes ready', async (t) => {
  const { written, write, state } = disk();
  const said: string[] = [];
  const audit = await createAudit({ ...quiet, write, retry: soon, problem: (words) => said.push(words) });
  state.full = true;
  await t.rejects(audit.record(entry('refused')), { code: 'accept.unavailable' });
  await until(() => state.tries > 4);
  t.equal(audit.writable(), false);
  state.full = false;
  await until(audit.writable);
  t.same(told(written), ['gap 1 0']);
  t.same(said, ['the audit cannot be written', 'the audit can be written again']);
  await audit.close();
});

t.test('when too many wait, one line says how many are missing', async (t) => {
  const { written, write, state } = disk();
  const audit = await createAudit({ ...quiet, write, retry: soon, keepAtMost: 3 });
  state.full = true;
  for (let at = 1; at <= 7; at += 1) await audit.recordDone(entry(`r${at}`));
  t.same(audit.counts(), { waiting: 3, missing: 4 });
  state.full = false;
  await audit.record(entry('after'));
  t.same(told(written), ['r1', 'gap 0 4', 'r2', 'r3', 'after']);
  t.ok(chainHolds(written));
  await audit.close();
});

t.test('when too many come at once, those beyond the limit are missing', async (t) => {
  const { written, write, state } = disk();
  const audit = await createAudit({ ...quiet, write, retry: soon, keepAtMost: 3 });
  state.full = true;
  await Promise.all(Array.from({ length: 9 }, (_, at) => audit.recordDone(entry(`r${at}`))));
  state.full = false;
  await audit.record(entry('after'));
  t.same(told(written), ['r0', 'r1', 'r2', 'gap 0 6', 'after']);
  await audit.close();
});

t.test(
  'more than one batch of waiting entries goes in, and an entry that must be first waits for its turn',
  async (t) => {
    const { written, write, state } = disk();
    const audit = await createAudit({ ...quiet, write, retry: { firstMs: 60_000, mostMs: 60_000 } });
    state.full = true;
    for (let at = 0; at < 2500; at += 1) await audit.recordDone(entry(`r${at}`));
    state.full = false;
    await audit.record(entry('last'));
    t.equal(written.length, 2501);
    t.equal(told(written).at(-1), 'last');
    t.ok(chainHolds(written));
    await audit.close();
  },
);

t.test('closing tries once more, and says what is lost', async (t) => {
  const { written, write, state } = disk();
  const said: string[] = [];
  const options = { ...quiet, write, retry: { firstMs: 60_000, mostMs: 60_000 } };
  const audit = await createAudit({ ...options, problem: (words) => said.push(words) });
  state.full = true;
  await audit.recordDone(entry('r1'));
  await audit.close();
  t.same(written, []);
  t.match(said.at(-1), /^1 entries of what has happened could not be audited$/);
});

/** Runs a program whose files may not grow over so many KiB; `grow` lifts that. */
const limited = (kib: number, program: string) => {
  const command = `ulimit -S -f ${kib}; exec ${process.execPath} --input-type=module -e "$0"`;
  const child = spawn('bash', ['-c', command, program], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return {
    printed: () => text,
    grow: () => execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']),
    ended: () => once(child, 'close'),
  };
};

t.test('checkpoints that cannot be written delay no entry, and are made up for', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const { signingKey, publicKey } = keys();
  const program = `
    import { createAudit } from ${JSON.stringify(join(root, 'dist/listeners/audit.js'))};
    process.on('SIGXFSZ', () => {});
    const options = { path: ${JSON.stringify(path)}, now: () => 0, write: () => {}, signingKey: ${JSON.stringify(signingKey)} };
    const problem = (words) => console.log(words);
    const audit = await createAudit({ ...options, problem, pace: { everyMs: 5, everyLines: 1 } });
    const more = async (count) => {
      for (let at = 0; at < count; at++) {
        await audit.record({ kind: 'restored', run: 'r' + at });
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    await more(10);
    console.log('full');
    const timer = setInterval(async () => {
      if ((await import('node:fs')).existsSync(options.path + '.grown')) {
        clearInterval(timer);
        await more(3);
        await audit.close();
        console.log('well');
      }
    }, 10);`;
  const child = limited(2, program);
  await until(() => child.printed().includes('full'));
  t.match(child.printed(), /a checkpoint of the audit could not be written/);
  child.grow();
  writeFileSync(`${path}.grown`, '');
  await child.ended();
  t.match(child.printed(), /well/);
  const key = publicKeyOf(publicKey);
  const own = key === undefined ? [] : [key];
  t.match(await verifyFile({ path, checkpoints: `${path}.checkpoints`, keys: own }), {
    lines: 13,
    confirmed: 13,
    problem: undefined,
  });
});

t.test('a real file that may not grow, until it may again: the chain is whole', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const program = `
    import { createAudit } from ${JSON.stringify(join(root, 'dist/listeners/audit.js'))};
    process.on('SIGXFSZ', () => {});
    const retry = { firstMs: 10, mostMs: 20 };
    const audit = await createAudit({ path: ${JSON.stringify(path)}, now: () => 0, write: () => {}, retry });
    const entry = (run) => ({ kind: 'state', run, from: 'queued', to: 'running', because: null });
    for (let at = 0; at < 8; at++) await audit.record(entry('r' + at));
    let refused = 0;
    for (let at = 0; at < 9; at++) {
      await audit.recordDone(entry('done-' + at + '-' + 'x'.repeat(400)));
      await audit.record(entry('intent-' + at)).catch(() => refused++);
    }
    console.log('full ' + JSON.stringify({ refused, ...audit.counts() }));
    const look = setInterval(async () => {
      if (!audit.writable()) return;
      clearInterval(look);
      await audit.close();
      console.log('well');
    }, 10);`;
  const child = limited(3, program);
  await until(() => child.printed().includes('full'));
  const full = JSON.parse(/full (.*)/.exec(child.printed())?.[1] ?? '{}');
  t.ok(full.refused > 0 && full.waiting > 0, child.printed());
  t.ok(chainHolds(linesOf(path)), 'the chain is whole while the disk is full');
  child.grow();
  await child.ended();
  t.match(child.printed(), /well/);
  const lines = linesOf(path);
  t.ok(chainHolds(lines));
  const runs = told(lines);
  t.same(
    runs.filter((run) => run.startsWith('done-')).map((run) => Number(run.split('-')[1])),
    [0, 1, 2, 3, 4, 5, 6, 7, 8],
    'nothing of what had happened is lost, and it is in order',
  );
  t.equal(runs.filter((run) => run.startsWith('intent-')).length, 9 - full.refused);
  t.ok(runs.includes(`gap ${full.refused} 0`), runs.filter((run) => run.startsWith('gap')).join());
});
