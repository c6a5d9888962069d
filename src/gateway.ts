import type { AuditEntry } from './core/audit-entry.ts';
import type { BuiltIn, PolicyInForce } from './core/built-in.ts';
import { type CommandLine, readCommandLine } from './core/command-line.ts';
import type { Decision } from './core/decision.ts';
import { GatewayError } from './core/errors.ts';
import type { Input } from './core/input.ts';
import type { Caller, Channel, Invocation, Press, Speaker } from './core/invocation.ts';
import { newRun } from './core/new-run.ts';
import { explainProblem } from './core/replies/explain-problem.ts';
import { deniedReply, noteReply, tooOftenReply } from './core/replies/refusals.ts';
import { acceptedReply } from './core/replies/run-reply.ts';
import { line } from './core/replies/spans.ts';
import type { Reply } from './core/reply.ts';
import type { Run, RunStore, WakeQueue } from './core/run.ts';

/** Everything the gateway needs of the world. */
export interface GatewayParts {
  readonly now: () => number;
  /** Microseconds of a clock that never goes back. */
  readonly tick: () => number;
  readonly policy: () => PolicyInForce;
  readonly store: Pick<RunStore, 'create' | 'load' | 'allow'>;
  readonly queue: Pick<WakeQueue, 'wake'>;
  readonly audit: (entry: AuditEntry) => Promise<void>;
  readonly builtIns: ReadonlyMap<string, BuiltIn>;
  readonly runIdOf: (delivery: string) => string;
  /** Works a run once, now. Its reply is offered to whoever waits for it, before it is sent as a message. */
  readonly workNow: (runId: string, offer: (reply: Reply) => boolean) => Promise<void>;
  readonly cancel: (
    by: { readonly caller: Caller; readonly channel: Channel },
    runId: string,
  ) => Promise<{ readonly outcome: 'asked' | 'not asked'; readonly reply: Reply }>;
  readonly onDecision?: (command: string, allowed: boolean) => void;
}

/** What the gateway does for a chat app's routes. Rejects only when it cannot go on; then nothing was done. */
export interface Gateway {
  receive(invocation: Invocation): Promise<Reply | null>;
  press(press: Press): Promise<Reply | null>;
}

type Understood = Extract<CommandLine, { kind: 'command' }>;

const identify = (policy: PolicyInForce, speaker: Speaker): Caller => ({
  ...speaker,
  person: policy.personOf(speaker.account),
  roles: policy.rolesOf(speaker.account),
});

/** Who and where, for the audit. */
const who = (caller: Caller, channel: Channel) => ({
  account: caller.account,
  person: caller.person ?? null,
  channel: channel.id,
});

/** Asks the policy and has the answer on record before anybody acts on it. */
export const decide = async (
  parts: Pick<GatewayParts, 'tick' | 'audit' | 'onDecision'>,
  policy: PolicyInForce,
  asked: {
    readonly caller: Caller;
    readonly channel: Channel;
    readonly command: string;
    readonly input: Input;
    readonly line: string;
    readonly purpose: 'run' | 'cancel' | 'can-i';
    readonly run: string | null;
  },
): Promise<Decision> => {
  const { caller, channel, command, input, line, purpose, run } = asked;
  const began = parts.tick();
  const decision = policy.decide({ caller: caller.account, channel: channel.id, command, input });
  const microseconds = Math.round(parts.tick() - began);
  const { allowed, revision, rule = null } = decision;
  parts.onDecision?.(command, allowed);
  const subject = { purpose, run: allowed ? run : null, command, input, line };
  await parts.audit({
    kind: 'decision',
    ...who(caller, channel),
    ...subject,
    allowed,
    rule,
    revision,
    microseconds,
  });
  return decision;
};

const withinLimit = ({ store }: GatewayParts, { command }: Understood, caller: Caller): Promise<boolean> => {
  const limit = command.limits.perCaller;
  if (limit === undefined) return Promise.resolve(true);
  return store.allow(`${command.name}|${caller.person ?? caller.account}`, limit.count, limit.perMs);
};

/** How long a direct command may take before its caller is told that the result follows. */
const answerWithinMs = 2000;

/**
 * A direct command is carried out within the request and its result is the answer. When it takes longer, the caller is told
 * so, and the result comes as a message of its own.
 */
const answerDirect = (parts: GatewayParts, run: Run): Promise<Reply> =>
  new Promise((resolve) => {
    let waiting = true;
    const answer = (reply: Reply): boolean => {
      const taken = waiting;
      waiting = false;
      if (taken) resolve(reply);
      return taken;
    };
    const late = (): boolean => answer(acceptedReply(run));
    const timer = setTimeout(late, answerWithinMs);
    void parts
      .workNow(run.id, (reply) => reply.final && answer(reply))
      .finally(() => clearTimeout(timer))
      .then(late, late);
  });

/**
 * Stores the run. When the store's answer is lost, it is asked whether the run is there: "nothing was done" is only said when it
 * is not, because people type it again.
 */
const createOnce = async (store: GatewayParts['store'], run: Run): Promise<'created' | 'exists'> => {
  try {
    return await store.create(run);
  } catch (cause) {
    const stored = await store.load(run.id).catch((): 'unknown' => 'unknown');
    if (stored === undefined) throw cause;
    if (stored !== 'unknown') return 'created';
    throw new GatewayError('accept.unknown', `storing run ${run.id}: the store did not answer`, { cause });
  }
};

/** Decides, and only then lets anything exist. */
const accept = async (
  parts: GatewayParts,
  policy: PolicyInForce,
  invocation: Invocation,
  caller: Caller,
  understood: Understood,
): Promise<Reply> => {
  const { command, input, line } = understood;
  const { channel } = invocation;
  const id = parts.runIdOf(invocation.delivery);
  const asked = { caller, channel, command: command.name, input, line, purpose: 'run', run: id } as const;
  const decision = await decide(parts, policy, asked);
  if (!decision.allowed) return deniedReply(line, command.name, decision);
  if (!(await withinLimit(parts, understood, caller))) {
    const because = 'over the limit per caller';
    await parts.audit({ kind: 'refused', ...who(caller, channel), because, command: command.name, run: id });
    return tooOftenReply(command);
  }
  const run = newRun({ id, invocation, caller, command, input, line, decision, now: parts.now() });
  if ((await createOnce(parts.store, run)) === 'exists') return acceptedReply(run);
  if (run.mode === 'direct') return answerDirect(parts, run);
  // Not waited for: a wake-up that is lost costs time, never the run, because the sweeper finds what is due.
  parts.queue.wake(run.id, 0, false).catch(() => undefined);
  return acceptedReply(run);
};

const receive = async (parts: GatewayParts, invocation: Invocation): Promise<Reply> => {
  const policy = parts.policy();
  const caller = identify(policy, invocation.speaker);
  const { channel } = invocation;
  const builtIns = [...parts.builtIns.keys()];
  const offered = () => [...policy.offered(caller.account, channel.id), ...builtIns];
  const read = readCommandLine({ commands: policy.commands, builtIns, offered }, invocation.text);
  if (read.kind === 'command') return accept(parts, policy, invocation, caller, read);
  if (read.kind === 'problem') {
    const command = read.problem.command?.name ?? null;
    await parts.audit({
      kind: 'refused',
      ...who(caller, channel),
      because: 'not understood',
      command,
      run: null,
    });
    return explainProblem(policy, caller, channel, read.problem);
  }
  const { name, rest, tokens } = read.kind === 'empty' ? { name: 'help', rest: '', tokens: [] } : read;
  const builtIn = parts.builtIns.get(name);
  if (builtIn === undefined) throw new Error(`running the built-in command ${name}: there is none`);
  return builtIn({ caller, channel, rest, tokens, policy, now: parts.now() });
};

const press = async (parts: GatewayParts, pressed: Press): Promise<Reply | null> => {
  if (pressed.action !== 'cancel') return noteReply(line('This button does nothing any more.'));
  const caller = identify(parts.policy(), pressed.speaker);
  const { outcome, reply } = await parts.cancel({ caller, channel: pressed.channel }, pressed.runId);
  // The run's own message, right above the button, says that it is being canceled.
  return outcome === 'asked' ? null : reply;
};

/** The story of a command up to its acceptance: read, decided, on record, stored; only then is the chat app answered. */
export const createGateway = (parts: GatewayParts): Gateway => ({
  receive: (invocation) => receive(parts, invocation),
  press: (pressed) => press(parts, pressed),
});
