import type { Command } from './command.ts';
import type { Decision, DecisionRequest, Rule } from './decision.ts';
import type { Caller, Channel } from './invocation.ts';
import type { Reply } from './reply.ts';
import type { Token } from './tokens.ts';

/** The policy in force, as the gateway asks it. */
export interface PolicyInForce {
  readonly revision: string;
  readonly commands: readonly Command[];
  decide(request: DecisionRequest): Decision;
  rolesOf(account: string): readonly string[];
  personOf(account: string): string | undefined;
  /** Names of the commands that some input could be allowed for, for this caller in this channel. */
  offered(account: string, channel: string): readonly string[];
  /** The rules that speak of this caller, channel and command, whatever their condition. */
  rulesFor?(request: Pick<DecisionRequest, 'caller' | 'channel' | 'command'>): readonly Rule[];
  /** What makes the account the rule's `who`, in words: `slack:T1/U2 -> gitlab:ana (policy.csv:3) -> role:sre (policy.csv:9)`. */
  pathTo?(account: string, who: string): string;
}

/** A built-in command's view of one call. */
export interface BuiltInCall {
  readonly caller: Caller;
  readonly channel: Channel;
  /** What was typed after the name, straightened. */
  readonly rest: string;
  readonly tokens: readonly Token[];
  readonly policy: PolicyInForce;
  readonly now: number;
}

/** A command of the gateway's own: answers from what it knows, for the caller only. */
export type BuiltIn = (call: BuiltInCall) => Promise<Reply>;
