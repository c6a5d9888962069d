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
  accepted: acceptedRun(made, 4),
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

const reply: AuditEntry = { kind: 'reply', run: 'r1', outcome: 'sent', problem: null };

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
    'a run whose end was told': [decision, state('starting'), state('succeeded'), reply],
    'a run whose end could not be told, and was given up': [
      decision,
      state('uncertain'),
      { ...reply, outcome: 'given up', problem: 'the channel is gone' },
    ],
    'a run that ended and whose request came once more': [decision, state('succeeded'), reply, decision],
    'what happened to a run that was accepted before the record begins': [state('starting')],
  };
  for (const [name, entries] of Object.entries(cases)) t.same(unfinishedRuns(told(...entries)), [], name);
});

t.test('what is unfinished is told with what is known of it', async (t) => {
  t.match(unfinishedRuns(told(allow())), [
    { run: { id: 'r1' }, at: 100, sentAt: 4, sent: false, canceledBy: null },
  ]);
  const intent = { kind: 'intent', run: 'r1', attempt: 1 } as const;
  t.match(unfinishedRuns(told(allow(), intent)), [{ sent: true }]);
  const cancel = { kind: 'cancel', run: 'r1', ...who, account: 'slack:T1/UBO' } as const;
  t.match(unfinishedRuns(told(allow(), cancel)), [{ canceledBy: { account: 'slack:T1/UBO', at: 101 } }]);
  t.match(unfinishedRuns(told(allow(), state('failed'))), [
    { ended: { state: 'failed', because: null, at: 101 }, hasPipeline: false },
  ]);
  const pipeline = { kind: 'pipeline', run: 'r1', project: 'ops/ansible', pipeline: 7 } as const;
  t.match(unfinishedRuns(told(allow(), pipeline)), [{ sent: true, hasPipeline: true, ended: null }]);
  const other = allow(run({ id: 'r2' }));
  t.match(
    unfinishedRuns(told(allow(), other, { ...reply, run: 'r2' }, state('running'))),
    [{ run: { id: 'r1' } }],
    'each by itself',
  );
});
