import { generateKeyPairSync } from 'node:crypto';
import type { AuditEntry } from '../../../src/core/audit-entry.ts';
import { createAudit } from '../../../src/listeners/audit.ts';

/** A P-256 key pair as PEM. */
export const keys = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    signingKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
};

const who = { account: 'slack:T1/U2', person: 'ana', channel: 'slack:T1/C3' };
const rule = {
  file: 'policy.csv',
  line: 3,
  who: 'role:sre',
  channel: '*',
  command: '*',
  condition: '*',
  effect: 'allow',
} as const;

/** What one command leaves behind, in the order it happens. */
export const entriesOf = (run: string): readonly AuditEntry[] => [
  {
    kind: 'decision',
    run,
    purpose: 'run',
    command: 'lb weight',
    input: { backend: 'wéb', weight: 10 },
    line: 'lb weight wéb 10',
    allowed: true,
    rule,
    revision: 'c3ac151d1e0f',
    microseconds: 15,
    ...who,
  },
  { kind: 'intent', run, attempt: 1 },
  { kind: 'pipeline', run, project: 'ops/ansible', pipeline: 17 },
  { kind: 'state', run, from: 'starting', to: 'running', because: null },
  { kind: 'state', run, from: 'running', to: 'succeeded', because: null },
  { kind: 'reply', run, outcome: 'sent', problem: null },
];

/** Writes a closed audit with a checkpoint every hundred lines and a minute between two entries. */
export const writeLog = async (path: string, signingKey: string, commands: number): Promise<void> => {
  let minute = 0;
  const now = (): number => Date.UTC(2026, 10, 21) + 60_000 * minute++;
  const pace = { everyMs: 1_000_000, everyLines: 100 };
  const audit = await createAudit({ path, now, write: () => undefined, signingKey, pace });
  for (let at = 0; at < commands; at += 1)
    await Promise.all(entriesOf(`run-${at}`).map((entry) => audit.record(entry)));
  await audit.close();
};
