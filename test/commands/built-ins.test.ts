import t from 'tap';
import { help } from '../../src/commands/help.ts';
import type { AuditEntry } from '../../src/core/audit-entry.ts';
import type { PolicyInForce } from '../../src/core/built-in.ts';
import type { Decision } from '../../src/core/decision.ts';
import { createMemoryStore } from '../../src/store/memory.ts';
import { reserved, wireBuiltIns } from '../../src/wiring/built-ins.ts';
import { builtInCall, linesOfReply } from '../support/built-in-call.ts';
import { command } from '../support/commands.ts';
import { run } from '../support/runs.ts';

const { rule } = run();
const denied: Decision = { allowed: false, rule: undefined, near: [], revision: 'abc123' };
const commands = [command({ name: 'lb weight' }), command({ name: 'flag get', mode: 'direct' })];

/** Everything is offered; Ana may run it, others not. */
const policy: PolicyInForce = {
  revision: 'abc123',
  commands,
  decide: ({ caller }) => (caller.endsWith('ANA') ? { allowed: true, rule, revision: 'abc123' } : denied),
  rolesOf: () => [],
  personOf: () => undefined,
  offered: () => commands.map(({ name }) => name),
};

const world = () => {
  const audit: AuditEntry[] = [];
  const store = createMemoryStore({ now: () => 5000 });
  const { builtIns } = wireBuiltIns({
    store,
    policy: () => policy,
    audit: async (entry) => void audit.push(entry),
    note: async (entry) => void audit.push(entry),
    tick: () => 0,
    now: () => 5000,
    queue: { wake: async () => undefined },
  });
  return { audit, store, builtIns };
};

t.test('no declared command may take the name of a built-in one, or begin with its first word', async (t) => {
  const expected = ['help', 'can-i', 'whoami', 'runs', 'run', 'cancel', 'link', 'retry', 'play'];
  t.same([...reserved].sort(), expected.sort());
});

t.test('every built-in command has its line in the help', async (t) => {
  const { builtIns } = world();
  const lines = linesOfReply(await help({ ...builtInCall(['help'], 'help'), policy }));
  for (const name of builtIns.keys())
    t.ok(
      lines.some((line) => line === name || line.startsWith(`${name} `)),
      name,
    );
});

t.test('--again is explained with the commands that it is for', async (t) => {
  const about = async (name: string) =>
    linesOfReply(await help({ ...builtInCall(['help'], `help ${name}`), policy })).join('\n');
  t.match(await about('lb weight'), /--again/);
  t.notMatch(await about('flag get'), /--again/);
});

t.test('resolving asks the policy anew, and the decision is on record before anything changes', async (t) => {
  const { audit, store, builtIns } = world();
  await store.create(run({ state: 'uncertain', version: 0, dueAt: null }));
  const resolve = builtIns.get('run resolve') ?? t.fail('there is no run resolve');
  if (typeof resolve === 'boolean') return;
  const call = (account: string) =>
    resolve(builtInCall(['run resolve'], 'run resolve r0example succeeded', { account }));
  t.match(linesOfReply(await call('slack:T1/UBO')), [/^Not allowed/]);
  t.match(audit, [
    { kind: 'decision', purpose: 'resolve', allowed: false, run: null, account: 'slack:T1/UBO' },
  ]);
  t.match(await store.load('r0example'), { state: 'uncertain' });
  t.match(linesOfReply(await call('slack:T1/UANA')), [/^Noted/]);
  t.match(audit.slice(1), [
    { kind: 'decision', purpose: 'resolve', allowed: true, run: 'r0example' },
    { kind: 'resolved', as: 'succeeded' },
  ]);
});
