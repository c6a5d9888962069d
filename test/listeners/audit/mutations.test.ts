import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { publicKeyOf } from '../../../src/listeners/audit/checkpoint.ts';
import { verifyFile } from '../../../src/listeners/audit/verify-file.ts';
import { keys, writeLog } from './a-log.ts';
import { dice, mutations } from './mutations.ts';

const tries = 1000;
const seed = Number(process.env.AUDIT_SEED ?? Date.now() % 2 ** 32);

t.test('each of 1,000 random changes of a closed and signed log is found', async (t) => {
  t.comment(`AUDIT_SEED=${seed}`);
  const dir = t.testdir();
  const path = join(dir, 'audit.jsonl');
  const pair = keys();
  await writeLog(path, pair.signingKey, 50);
  const key = publicKeyOf(pair.publicKey);
  const verify = (file: string) =>
    verifyFile({
      path: file,
      checkpoints: `${path}.checkpoints`,
      keys: key === undefined ? [] : [key],
    });
  t.match(await verify(path), { lines: 300, confirmed: 300, problem: undefined }, 'the log itself is whole');

  const log = readFileSync(path);
  const roll = dice(seed);
  const names = Object.keys(mutations);
  const changed = join(dir, 'changed.jsonl');
  const found: Record<string, number> = {};
  const missed: string[] = [];
  for (let tried = 0; tried < tries; ) {
    const name = names[roll(names.length)] ?? '';
    const mutated = mutations[name]?.(log, roll) ?? log;
    if (mutated.equals(log)) continue;
    tried += 1;
    writeFileSync(changed, mutated);
    const { problem } = await verify(changed);
    if (problem === undefined) missed.push(`try ${tried}: ${name}`);
    else found[name] = (found[name] ?? 0) + 1;
  }
  t.comment(found);
  t.same(missed, [], `AUDIT_SEED=${seed} plays it again`);
  t.same(Object.keys(found).toSorted(), names.toSorted(), 'every kind of change was tried');
});
