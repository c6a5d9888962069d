/** An entry as a line of the file, with any hash. */
export const lineOf = (seq: number, at: number, entry: object): string =>
  JSON.stringify({ seq, at: new Date(at).toISOString(), prev: '0'.repeat(64), ...entry });

const who = { account: 'slack:T1/U2', person: 'ana', channel: 'slack:T1/C3' };
const rule = { file: 'policy.csv', line: 3, who: 'role:sre', channel: '*', command: '*', condition: '*' };
const decided = {
  kind: 'decision',
  run: null,
  purpose: 'run',
  command: 'x',
  allowed: false,
  rule: null,
  ...who,
};

/** Entries of every kind, and the words a person reads of them. */
export const rows: readonly (readonly [entry: object, words: string])[] = [
  [
    { kind: 'gateway', outcome: 'started', version: '0.1.0', config: 'ab12' },
    'gateway   started, version 0.1.0, config ab12',
  ],
  [{ kind: 'policy', outcome: 'loaded', revision: 'c3ac', mistakes: [] }, 'policy    loaded c3ac'],
  [
    {
      kind: 'policy',
      outcome: 'refused',
      revision: null,
      mistakes: ['policy.csv:3: no such role', 'x.yml:1: y'],
    },
    'policy    refused: policy.csv:3: no such role; x.yml:1: y',
  ],
  [
    { ...decided, run: 'ci_1', line: 'lb weight web 10', allowed: true, rule },
    'allowed   slack:T1/U2 (ana) in slack:T1/C3: lb weight web 10 (rule policy.csv:3, run ci_1)',
  ],
  [
    { ...decided, line: 'release web', person: null },
    'denied    slack:T1/U2 in slack:T1/C3: release web (no rule allows it)',
  ],
  [
    { ...decided, line: 'release web', rule },
    'denied    slack:T1/U2 (ana) in slack:T1/C3: release web (rule policy.csv:3)',
  ],
  [
    { ...decided, purpose: 'can-i', line: 'release web', allowed: true, rule },
    'allowed   slack:T1/U2 (ana) in slack:T1/C3: asking about release web (rule policy.csv:3)',
  ],
  [
    { ...decided, purpose: 'cancel', line: 'release web' },
    'denied    slack:T1/U2 (ana) in slack:T1/C3: canceling release web (no rule allows it)',
  ],
  [
    { ...decided, line: 'say "\u001b[31mred\u202e\n"' },
    'denied    slack:T1/U2 (ana) in slack:T1/C3: say "\\u001b[31mred\\u202e\\u000a" (no rule allows it)',
  ],
  [
    { kind: 'refused', because: 'five in a minute', command: 'lb weight', run: null, ...who },
    'refused   slack:T1/U2 (ana) in slack:T1/C3: lb weight (five in a minute)',
  ],
  [
    { kind: 'refused', because: 'there is no command "x"', command: null, run: null, ...who },
    'refused   slack:T1/U2 (ana) in slack:T1/C3 (there is no command "x")',
  ],
  [{ kind: 'request', command: 'help', ...who }, 'asked     slack:T1/U2 (ana) in slack:T1/C3: help'],
  [{ kind: 'cancel', run: 'ci_1', ...who }, 'cancel    slack:T1/U2 (ana) in slack:T1/C3: run ci_1'],
  [
    { kind: 'resolved', run: 'ci_1', as: 'failed', ...who },
    'resolved  slack:T1/U2 (ana) in slack:T1/C3: run ci_1 as failed',
  ],
  [{ kind: 'restored', run: 'ci_1' }, 'restored  run ci_1: the store had forgotten it'],
  [{ kind: 'store', generation: 'g2' }, 'store     began anew, generation g2'],
  [
    { kind: 'rejected', counts: { 'request.unverified': 12, 'request.stale': 1 } },
    'rejected  12 request.unverified, 1 request.stale',
  ],
  [
    { kind: 'state', run: 'ci_1', from: 'running', to: 'failed', because: 'job deploy failed' },
    'state     run ci_1: running -> failed (job deploy failed)',
  ],
  [{ kind: 'intent', run: 'ci_1', attempt: 2 }, 'intent    run ci_1: about to start its pipeline, try 2'],
  [{ kind: 'pipeline', run: 'ci_1', project: 'ops/a', pipeline: 17 }, 'pipeline  run ci_1: ops/a #17'],
  [{ kind: 'reply', run: 'ci_1', outcome: 'sent', problem: null }, 'reply     run ci_1: sent'],
  [
    { kind: 'reply', run: 'ci_1', outcome: 'given up', problem: 'channel_not_found' },
    'reply     run ci_1: given up (channel_not_found)',
  ],
  [{ kind: 'gap', refused: 3, missing: 2 }, 'gap       the audit could not be written: 3 refused, 2 missing'],
  [{ kind: 'of-a-newer-version', x: [1] }, 'of-a-newer-version  {"x":[1]}'],
  [{ kind: 'toString' }, 'toString  {}'],
];
