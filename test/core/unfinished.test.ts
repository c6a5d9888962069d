import t from 'tap';
import type { AuditEntry, AuditLine } from '../../src/core/audit-entry.ts';
import { type AllowEntry, acceptedRun, runFromRecord } from '../../src/core/new-run.ts';
import type { Run } from '../../src/core/run.ts';
import { unfinishedRuns } from '../../src/core/unfinished.ts';
import { run } from '../support/runs.ts';

const accepted = run({ id: 'r1', version: 0, createdAt: 5, changedAt: 5, dueAt: 5 });

const who = { account: accepted.caller.account, person: 'gitlab:ana', channel: accepted.channel.id };

const allow = (made: Run = accepted): AllowEntry => ({
  kind: 'decision',
  ...who,
  run: made.id,
  purpose: 'run',
  command: made.command,
  input: made.input,
  line: made.line,
  allowed: true,
  rule: made.rule,
  revision: made.revision,
  microseconds: 7,
  accepted: acceptedRun(made),
});

const told = (...entries: readonly AuditEntry[]): readonly AuditLine[] =>
  entries.map((entry, n) => ({ ...entry, seq: n + 1, at: 100 + n }));

const state = (to: Run['state'], id = 'r1'): AuditEntry => ({
  kind: 'state',
  run: id,
  from: 'queued',
  to,
  because: null,
});

t.test('a run is made again from its record as it was first saved', async (t) => {
  t.same(runFromRecord(allow()), accepted);
  t.same(runFromRecord(JSON.parse(JSON.stringify(allow()))), accepted, 'also after it went through a file');
});

t.test('what the record says is over, or never began, is left alone', async (t) => {
  const decision = allow();
  const cancel = { ...decision, purpose: 'cancel' } as const;
  const { accepted: _, ...question } = { ...decision, purpose: 'can-i', run: null } as const;
  const cases: Readonly<Record<string, readonly AuditEntry[]>> = {
    'a denial': [{ ...question, allowed: false, purpose: 'run' }],
    'a question': [question],
    'a decision about canceling another run': [cancel],
    'a command that made no run after all': [
      decision,
      { kind: 'refused', ...who, run: 'r1', because: 'not stored', command: 'lb weight' },
    ],
    'a run that came to its end': [decision, state('starting'), state('succeeded')],
    'a run that waits for a person': [decision, state('uncertain')],
    'a run that ended and whose request came once more': [decision, state('succeeded'), decision],
    'what happened to a run that was accepted before the record begins': [state('starting')],
  };
  for (const [name, entries] of Object.entries(cases)) t.same(unfinishedRuns(told(...entries)), [], name);
});

t.test('what is unfinished is told with what is known of it', async (t) => {
  t.match(unfinishedRuns(told(allow())), [{ run: { id: 'r1' }, at: 100, sent: false, canceledBy: null }]);
  const intent = { kind: 'intent', run: 'r1', attempt: 1 } as const;
  t.match(unfinishedRuns(told(allow(), intent)), [{ sent: true }]);
  const cancel = { kind: 'cancel', run: 'r1', ...who, account: 'slack:T1/UBO' } as const;
  t.match(unfinishedRuns(told(allow(), cancel)), [{ canceledBy: { account: 'slack:T1/UBO', at: 101 } }]);
  const other = allow(run({ id: 'r2' }));
  t.match(
    unfinishedRuns(told(allow(), other, state('failed', 'r2'), state('running'))),
    [{ run: { id: 'r1' } }],
    'each by itself',
  );
});
