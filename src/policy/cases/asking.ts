import { type CommandLine, readCommandLine } from '../../core/command-line.ts';
import type { Decision, DecisionRequest } from '../../core/decision.ts';
import type { Problem } from '../../core/read-input.ts';
import { kindOfId } from '../ids.ts';
import type { World } from './world.ts';

/** A typed line as the gateway would understand it. */
export type Line =
  | { readonly kind: 'command'; readonly command: string; readonly input: DecisionRequest['input'] }
  | { readonly kind: 'bad'; readonly problem: Problem }
  | { readonly kind: 'built-in'; readonly name: string };

/** One question to the policy and its answer. */
export interface Asked {
  readonly request: DecisionRequest;
  readonly decision: Decision;
}

/** What people type before the command; the chat app takes it away. */
const slash = /^\/chatops(?:\s+|$)/;

const nothing: Problem = { line: '', start: 0, end: 0, message: 'there is no command', suggestions: [] };

const lineOf = (read: CommandLine): Line => {
  if (read.kind === 'command') return { kind: 'command', command: read.command.name, input: read.input };
  if (read.kind === 'built-in') return read;
  return { kind: 'bad', problem: read.kind === 'problem' ? read.problem : nothing };
};

/** Reads typed lines with the gateway's own parser. */
export const createLines = ({ policy }: World, reserved: readonly string[]): ((typed: string) => Line) => {
  const { commands } = policy;
  // `run <command>` means the command; `run` is kept only for the built-in commands that begin with it.
  const builtIns = reserved.filter((name) => name !== 'run');
  const offered = () => commands.map(({ name }) => name);
  const vocabulary = { commands, builtIns, offered };
  return (typed) => lineOf(readCommandLine(vocabulary, typed.trim().replace(slash, '')));
};

/** The accounts that a case speaks for. */
export const accountsOf = ({ parts }: World, as: string): readonly string[] =>
  kindOfId(as) === 'account'
    ? [as]
    : parts.people.members(as).filter((member) => kindOfId(member) === 'account');

/** The channels that a case speaks of; empty when the set has none. */
export const channelsOf = ({ parts }: World, where: string): readonly string[] =>
  kindOfId(where) === 'account'
    ? [where]
    : parts.channels.members(where).filter((member) => kindOfId(member) === 'account');

/** Asks the policy about one line, for every account in every channel. */
export const ask = (
  { policy }: World,
  line: Extract<Line, { kind: 'command' }>,
  accounts: readonly string[],
  channels: readonly string[],
): readonly Asked[] =>
  accounts.flatMap((caller) =>
    channels.map((channel) => {
      const request = { caller, channel, command: line.command, input: line.input };
      return { request, decision: policy.decide(request) };
    }),
  );
