import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { publicKeyOf } from '../../../src/listeners/audit/checkpoint.ts';
import { readBack } from '../../../src/listeners/audit/reading.ts';
import { verifyFile } from '../../../src/listeners/audit/verify-file.ts';
import { keys } from './a-log.ts';
import { runsOf } from './entries.ts';

const root = join(import.meta.dirname, '../../..');

const program = (path: string, life: number): string => `
  import { readFileSync } from 'node:fs';
  import { createAudit } from ${JSON.stringify(join(root, 'dist/listeners/audit.js'))};
  const signingKey = readFileSync(${JSON.stringify(`${path}.pem`)}, 'utf8');
  const pace = { everyMs: 5, everyLines: 20 };
  const audit = await createAudit({ path: ${JSON.stringify(path)}, now: Date.now, write: () => {}, signingKey, pace });
  const one = async (lane) => {
    for (let at = 0; ; at++) {
      const run = '${life}-' + lane + '-' + at;
      await audit.record({ kind: 'restored', run });
      process.stdout.write(run + '\\n');
    }
  };
  for (let lane = 0; lane < 8; lane++) one(lane);`;

/** Lets a process write until it has said so much, and kills it; answers what it reported as kept. */
const liveAndDie = async (path: string, life: number): Promise<readonly string[]> => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(path, life)]);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.length > 2000 + 700 * life) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return text.split('\n').slice(0, -1);
};

t.test('after each kill the file goes on, is whole, and holds all that was reported as kept', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const { signingKey, publicKey } = keys();
  writeFileSync(`${path}.pem`, signingKey);
  const key = publicKeyOf(publicKey);
  const kept: string[] = [];
  for (let life = 0; life < 6; life += 1) kept.push(...(await liveAndDie(path, life)));
  // The last life may have left a torn end, which the next opening keeps aside.
  const last = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    program(path, 9).replace(/for \(let lane = 0.*/, 'await audit.close();'),
  ]);
  await once(last, 'close');
  const verified = await verifyFile({
    path,
    checkpoints: `${path}.checkpoints`,
    keys: key === undefined ? [] : [key],
  });
  t.equal(verified.problem, undefined);
  t.equal(verified.confirmed, verified.lines);
  const there = new Set(runsOf(path));
  t.ok(kept.length > 1000, `${kept.length} entries were reported as kept`);
  t.same(
    kept.filter((run) => !there.has(run)),
    [],
  );
  t.equal((await readBack(path, 0)).length, verified.lines);
  t.comment(readdirSync(join(path, '..')).filter((name) => name.includes('torn')));
});
