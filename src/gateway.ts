import { type AcceptingParts, accept, who } from './accept.ts';
import type { AuditEntry } from './core/audit-entry.ts';
import type { BuiltIn, PolicyInForce } from './core/built-in.ts';
import { readCommandLine } from './core/command-line.ts';
import type { Caller, Channel, Invocation, Press, Speaker } from './core/invocation.ts';
import { explainProblem } from './core/replies/explain-problem.ts';
import { noteReply } from './core/replies/refusals.ts';
import { line } from './core/replies/spans.ts';
import type { Reply } from './core/reply.ts';

/** Everything the gateway needs of the world. */
export interface GatewayParts extends AcceptingParts {
  readonly policy: () => PolicyInForce;
  /** Keeps a record of what needs none before it is answered. */
  readonly note: (entry: AuditEntry) => Promise<void>;
  readonly builtIns: ReadonlyMap<string, BuiltIn>;
  readonly cancel: (
    by: { readonly caller: Caller; readonly channel: Channel },
    runId: string,
  ) => Promise<{ readonly outcome: 'asked' | 'not asked'; readonly reply: Reply }>;
}

/** What the gateway does for a chat app's routes. Rejects only when it cannot go on; then nothing was done. */
export interface Gateway {
  receive(invocation: Invocation): Promise<Reply | null>;
  press(press: Press): Promise<Reply | null>;
}

const identify = (policy: PolicyInForce, speaker: Speaker): Caller => ({
  ...speaker,
  person: policy.personOf(speaker.account),
  roles: policy.rolesOf(speaker.account),
});

const receive = async (parts: GatewayParts, invocation: Invocation): Promise<Reply> => {
  const policy = parts.policy();
  const caller = identify(policy, invocation.speaker);
  const { channel } = invocation;
  const builtIns = [...parts.builtIns.keys()];
  const offered = () => [...policy.offered(caller.account, channel.id), ...builtIns];
  const read = readCommandLine({ commands: policy.commands, builtIns, offered }, invocation.text);
  if (read.kind === 'command') return accept(parts, policy, { invocation, caller, understood: read });
  if (read.kind === 'problem') {
    const command = read.problem.command?.name ?? null;
    void parts.note({
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
  void parts.note({ kind: 'request', ...who(caller, channel), command: name });
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
