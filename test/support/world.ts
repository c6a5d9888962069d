import { decide } from '../../src/accept.ts';
import { cancelBuiltIn, createCancel } from '../../src/commands/cancel.ts';
import { createRunShow, createRuns } from '../../src/commands/runs.ts';
import type { AuditEntry } from '../../src/core/audit-entry.ts';
import type { BuiltIn, PolicyInForce } from '../../src/core/built-in.ts';
import type { Command } from '../../src/core/command.ts';
import type { Rule } from '../../src/core/decision.ts';
import type { Invocation } from '../../src/core/invocation.ts';
import type { Reply, Sent } from '../../src/core/reply.ts';
import type { RunStore } from '../../src/core/run.ts';
import { usualTimes } from '../../src/core/times.ts';
import type { Work } from '../../src/core/work.ts';
import { createGateway } from '../../src/gateway.ts';
import { createMemoryStore } from '../../src/store/memory.ts';
import { createWorker } from '../../src/work.ts';
import { command } from './commands.ts';

const rule: Rule = {
  file: 'policy.csv',
  line: 3,
  who: 'role:sre',
  channel: '*',
  command: '*',
  condition: '*',
  effect: 'allow',
};

export const deploy = command({
  name: 'deploy',
  inputs: [{ name: 'service', type: 'string', required: true }],
});
export const flag = command({ name: 'flag', mode: 'direct', direct: { use: 'flag', settings: {} } });
export const limited = command({
  name: 'ping',
  limits: { perCaller: { count: 1, perMs: 60_000 }, startWithinMs: 60_000, waitAtMostMs: 60_000 },
});

const ana = 'slack:T1/UANA';

/** Ana may do everything, others nothing. */
const policy = (commands: readonly Command[]): PolicyInForce => ({
  revision: 'abc123',
  commands,
  decide: ({ caller }) =>
    caller === ana
      ? { allowed: true, rule, revision: 'abc123' }
      : {
          allowed: false,
          rule: undefined,
          near: [{ rule, missing: [{ kind: 'role', need: 'role sre' }] }],
          revision: 'abc123',
        },
  rolesOf: (account) => (account === ana ? ['role:sre'] : []),
  personOf: () => undefined,
  offered: (account) => (account === ana ? commands.map(({ name }) => name) : []),
});

/** A small world around the gateway: its store, what chat shows, what the audit holds, and a clock that only moves when told. */
export const createWorld = (modes: Partial<Record<'wait' | 'direct', Work>> = {}) => {
  let now = 1_000_000;
  let leases = 0;
  let broken: 'audit' | 'store' | 'answer of create' | 'every answer of the store' | 'chat' | undefined;
  const audit: AuditEntry[] = [];
  const shown: Reply[] = [];
  const warnings: string[] = [];
  const accepted = new Set<string>();
  const wakes: { runId: string; afterMs: number; urgent: boolean }[] = [];
  const memory = createMemoryStore({ now: () => now });
  const away = () => new Error('the store is away');
  const store = {
    ...memory,
    create: async (...given: Parameters<RunStore['create']>) => {
      if (broken === 'store') throw away();
      const created = await memory.create(...given);
      if (broken === 'answer of create' || broken === 'every answer of the store') throw away();
      return created;
    },
    forbid: async (id: string) => {
      if (broken === 'every answer of the store') throw away();
      return memory.forbid(id);
    },
    load: async (id: string) => {
      if (broken === 'every answer of the store') throw away();
      return memory.load(id);
    },
  };
  const record = async (entry: AuditEntry): Promise<void> => {
    if (broken === 'audit') throw new Error('the disk is full');
    audit.push(entry);
  };
  const note = (entry: AuditEntry): Promise<void> => record(entry).catch(() => undefined);
  let whileSending: () => Promise<unknown> = async () => undefined;
  const send = async (address: Invocation['replyTo'], reply: Reply): Promise<Sent> => {
    await whileSending();
    if (broken === 'chat') return { sent: false, tryAgainAfterMs: 1000, problem: 'chat is away', address };
    shown.push(reply);
    return { sent: true, address };
  };
  const queue = {
    wake: async (runId: string, afterMs: number, urgent: boolean) =>
      void wakes.push({ runId, afterMs, urgent }),
  };
  const finish: Work = async (run) => ({
    ...run,
    state: 'succeeded',
    outcome: { text: 'done' },
    changedAt: now,
    dueAt: null,
  });
  const worker = createWorker({
    now: () => now,
    store,
    queue,
    audit: record,
    note,
    modes: { wait: modes.wait ?? finish, link: finish, direct: modes.direct ?? finish },
    sender: () => ({ send }),
    digest: (text) => text,
    leaseId: () => `lease-${++leases}`,
    times: { ...usualTimes, renewEveryMs: 5 },
    log: { warn: (_, message) => void warnings.push(message) },
  });
  const inForce = policy([deploy, flag, limited]);
  const tick = () => 0;
  const cancel = createCancel({
    store,
    queue,
    audit: record,
    now: () => now,
    decide: ({ caller, channel }, run) =>
      decide({ tick, audit: record }, inForce, {
        caller,
        channel,
        command: run.command,
        input: run.input,
        line: run.line,
        purpose: 'cancel',
        run: run.id,
      }),
  });
  const builtIns = new Map<string, BuiltIn>([
    ['runs', createRuns(store)],
    ['run show', createRunShow(store)],
    ['cancel', cancelBuiltIn(cancel)],
    [
      'help',
      async () => ({ tone: 'note', title: [{ text: 'help' }], parts: [], audience: 'caller', final: true }),
    ],
  ]);
  const gateway = createGateway({
    now: () => now,
    tick,
    policy: () => inForce,
    store,
    queue,
    audit: record,
    note,
    sendWithinMs: usualTimes.start.sendWithin,
    alikeKey: (run) => (run.mode === 'direct' ? undefined : `${run.caller.account}|${run.line}`),
    accepting: (id, work) => {
      const again = accepted.has(id);
      accepted.add(id);
      return work(again);
    },
    builtIns,
    runIdOf: (delivery) => `r${delivery}`,
    workNow: worker.workNow,
    cancel,
  });
  let deliveries = 0;
  const invocation = (text: string, by = 'UANA', delivery = `d${++deliveries}`): Invocation => ({
    delivery,
    speaker: { account: `slack:T1/${by}`, name: by },
    channel: { id: 'slack:T1/C1', name: 'ops' },
    text,
    replyTo: { app: 'slack', to: {} },
    receivedAt: now,
    sentAt: now,
  });
  return {
    gateway,
    policy: inForce,
    worker,
    store,
    audit,
    shown,
    warnings,
    wakes,
    invocation,
    type: (text: string, by?: string, delivery?: string) => gateway.receive(invocation(text, by, delivery)),
    pass: (ms: number) => {
      now += ms;
    },
    break: (what: typeof broken) => {
      broken = what;
    },
    now: () => now,
    /** Something that happens while chat is being told. */
    whileSending: (happens: typeof whileSending) => {
      whileSending = happens;
    },
  };
};

/** All words of a reply, for looking whether something is said. */
export const wordsOf = (reply: Reply | null): string => JSON.stringify(reply);
