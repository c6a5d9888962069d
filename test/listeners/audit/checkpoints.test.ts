import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import {
  checkpointLine,
  isSignedBy,
  publicKeyOf,
  readCheckpoint,
  signed,
  signingKeyOf,
  textToSign,
} from '../../../src/listeners/audit/checkpoint.ts';
import { openCheckpoints } from '../../../src/listeners/audit/checkpoints.ts';
import { type Verified, verifyFile } from '../../../src/listeners/audit/verify-file.ts';
import { createAudit } from '../../../src/listeners/audit.ts';
import { keys } from './a-log.ts';
import { entry, linesOf, until } from './entries.ts';

const { signingKey, publicKey } = keys();
const quiet = { now: () => 1_700_000_000_000, write: () => undefined };
const slow = { everyMs: 1_000_000, everyLines: 1_000_000 };

const of = (path: string) => linesOf(`${path}.checkpoints`).map((line) => readCheckpoint(line));

const verify = (path: string, pem: string | undefined = publicKey): Promise<Verified> => {
  const key = publicKeyOf(pem);
  const given = key === undefined ? [] : [key];
  return verifyFile({ path, checkpoints: `${path}.checkpoints`, keys: given });
};

const write = async (path: string, count: number, name = 'r'): Promise<void> => {
  const audit = await createAudit({ ...quiet, path, signingKey, pace: slow });
  for (let at = 0; at < count; at += 1) await audit.record(entry(`${name}${at}`));
  await audit.close();
};

t.test('a key that cannot sign is a mistake of the configuration, and is not repeated', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  for (const pem of ['secret-text', publicKey]) {
    const opened = createAudit({ ...quiet, path, signingKey: pem });
    await t.rejects(opened, { code: 'config.invalid', message: /^(?!.*secret-text).*SIGNING_KEY/ });
  }
});

t.test('without a key there are no checkpoints', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const audit = await createAudit({ ...quiet, path });
  await audit.record(entry('r'));
  await audit.close();
  t.throws(() => readFileSync(`${path}.checkpoints`));
});

t.test('checkpoints are made after so many lines, and when the file is closed and opened', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const first = await createAudit({ ...quiet, path, signingKey, pace: { ...slow, everyLines: 10 } });
  for (let at = 0; at < 25; at += 1) await first.record(entry(`r${at}`));
  await first.close();
  const second = await createAudit({ ...quiet, path, signingKey, pace: slow });
  await second.record(entry('r25'));
  await second.close();
  const made = of(path).map((one) => [one?.reason, one?.seq]);
  // A checkpoint is for the line that is the last one when it is signed.
  t.match(made.slice(0, -3), [
    ['going', /^1\d$/],
    ['going', /^2\d$/],
  ]);
  t.same(made.slice(-3), [
    ['close', 25],
    ['open', 25],
    ['close', 26],
  ]);
  t.match(await verify(path), { lines: 26, checkpoints: 5, confirmed: 26, problem: undefined });
});

t.test('lines that come while one checkpoint is written do not ask for another', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl.checkpoints');
  const key = signingKeyOf(signingKey);
  const { now } = quiet;
  const nothing = (): void => undefined;
  const pace = { ...slow, everyLines: 10 };
  const checkpoints = await openCheckpoints({ path, key, now, pace, problem: nothing, written: nothing });
  const chain = { prev: 'a'.repeat(64), id: 'b'.repeat(64) };
  checkpoints.reached({ ...chain, seq: 10 });
  await Promise.resolve();
  await Promise.resolve();
  checkpoints.reached({ ...chain, seq: 11 });
  await checkpoints.close();
  t.same(
    linesOf(path).map((line) => readCheckpoint(line)?.seq),
    [10, 11],
  );
  t.match(readCheckpoint(linesOf(path)[1] ?? ''), { reason: 'close' });
});

t.test('a checkpoint that could not be written is tried again by itself', async (t) => {
  let failed = 0;
  const checkpoints = await openCheckpoints({
    path: '/dev/full',
    key: signingKeyOf(signingKey),
    now: quiet.now,
    pace: { everyMs: 2, everyLines: 1 },
    written: () => t.fail('it was written'),
    problem: () => {
      failed += 1;
    },
  });
  checkpoints.reached({ seq: 1, prev: 'a'.repeat(64), id: 'b'.repeat(64) });
  await until(() => failed > 2);
  t.equal(checkpoints.end(), 0);
  await checkpoints.close();
});

t.test('checkpoints are made after a while, when there is something new', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const audit = await createAudit({ ...quiet, path, signingKey, pace: { everyMs: 5, everyLines: 1000 } });
  await audit.record(entry('r1'));
  await until(() => (audit.files?.checkpoints?.end() ?? 0) > 0);
  await new Promise((resolve) => setTimeout(resolve, 30));
  await audit.close();
  t.match(of(path), [
    { seq: 1, reason: 'going' },
    { seq: 1, reason: 'close' },
  ]);
});

t.test('a checkpoint that a crash cut off is dropped, and the others stay', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  await write(path, 3);
  appendFileSync(`${path}.checkpoints`, '{"kind":"checkp');
  t.equal((await verify(path)).problem, undefined, 'it may be one that is just being written');
  await write(path, 3);
  t.match(of(path), [{ reason: 'close' }, { reason: 'open' }, { seq: 6, reason: 'close' }]);
  t.equal((await verify(path)).problem, undefined);
});

t.test('a signature covers every word', async (t) => {
  const checkpoint = {
    file: 'a'.repeat(64),
    seq: 7,
    hash: 'b'.repeat(64),
    at: '2026-11-21T00:00:00.000Z',
    reason: 'going',
  } as const;
  const line = signed(checkpoint, signingKeyOf(signingKey));
  const key = publicKeyOf(publicKey);
  const own = key === undefined ? [] : [key];
  t.ok(isSignedBy(line, own));
  t.same(readCheckpoint(checkpointLine(line)), line);
  t.match(textToSign(checkpoint), /^chatops-audit-checkpoint 1\n/);
  for (const change of [
    { file: 'c'.repeat(64) },
    { seq: 8 },
    { hash: 'c'.repeat(64) },
    { at: '2026-11-21T00:00:01.000Z' },
    { reason: 'close' as const },
    { signature: line.signature.slice(2) },
    { signature: '' },
  ])
    t.notOk(isSignedBy({ ...line, ...change }, own), JSON.stringify(change));
});

t.test('what only checkpoints show', async (t) => {
  type Change = (path: string) => void | Promise<void>;
  const drop = (path: string, count: number): void => {
    writeFileSync(path, `${linesOf(path).slice(0, -count).join('\n')}\n`);
  };
  const resign =
    (change: object, pem: string): Change =>
    (path) => {
      const checkpoint = of(path).at(-1);
      if (checkpoint === undefined) throw new Error('there is no checkpoint');
      const made = signed({ ...checkpoint, ...change }, signingKeyOf(pem));
      writeFileSync(`${path}.checkpoints`, `${checkpointLine(made)}\n`);
    };
  const again: Change = async (path) => {
    const audit = await createAudit({ ...quiet, path });
    await audit.record(entry('unsigned'));
    await audit.close();
  };
  const cases: readonly (readonly [string, Change, object])[] = [
    ['the end is cut off', (path) => drop(path, 2), { in: 'lines', line: 5, sentence: /line 6 was signed/ }],
    ['everything is cut off', (path) => writeFileSync(path, ''), { line: 1, sentence: /line 6 was signed/ }],
    ['lines are added after the close', again, { line: 7, sentence: /added after the audit was closed/ }],
    [
      'a checkpoint of another key',
      resign({}, keys().signingKey),
      { in: 'checkpoints', sentence: /not signed/ },
    ],
    [
      'a checkpoint of another file',
      resign({ file: 'a'.repeat(64) }, signingKey),
      { line: 1, sentence: /not the one/ },
    ],
    [
      'another hash',
      resign({ hash: 'a'.repeat(64) }, signingKey),
      { line: 1, sentence: /lines 1 to 6 are not what/ },
    ],
    [
      'a checkpoint that is none',
      (path) => writeFileSync(`${path}.checkpoints`, '{}\n'),
      { in: 'checkpoints', line: 1, sentence: /not a checkpoint/ },
    ],
    [
      'the end is cut off, and the gateway goes on from there',
      async (path) => {
        drop(path, 2);
        await write(path, 5, 'later');
      },
      { in: 'lines', line: 1, sentence: /lines 1 to 6 are not what was signed/ },
    ],
    [
      'lines are added after the close, and the gateway goes on from there',
      async (path) => {
        await again(path);
        await write(path, 1, 'later');
      },
      { in: 'lines', line: 7, sentence: /added after/ },
    ],
  ];
  for (const [name, change, problem] of cases) {
    const path = join(t.testdir(), 'audit.jsonl');
    await write(path, 6);
    await change(path);
    t.match((await verify(path)).problem, problem, name);
  }
});
