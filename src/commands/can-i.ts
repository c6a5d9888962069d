import type { BuiltIn, BuiltInCall } from '../core/built-in.ts';
import type { Command } from '../core/command.ts';
import { readCommandLine } from '../core/command-line.ts';
import type { Decision, Rule } from '../core/decision.ts';
import { explainProblem } from '../core/replies/explain-problem.ts';
import { deniedReply, noteReply } from '../core/replies/refusals.ts';
import { code, line, strong } from '../core/replies/spans.ts';
import type { Line, Reply } from '../core/reply.ts';

/** Asks the policy and keeps the question on record. */
type Ask = (
  call: BuiltInCall,
  asked: { command: string; input: Readonly<Record<string, string | number | boolean>>; line: string },
) => Promise<Decision>;

/** Where a rule comes from. */
export interface Origin {
  /** Its full id. */
  readonly commit: string;
  readonly mergeRequest?: { readonly iid: number; readonly url: string; readonly title: string };
}

/** Looks up which commit and merge request brought a rule; undefined when that is not known in time. Never rejects. */
export type Provenance = (rule: Rule, revision: string) => Promise<Origin | undefined>;

const unknown: Provenance = async () => undefined;

/** The last day on which it counts. */
const lastDay = (expires: number): string => new Date(expires - 1).toISOString().slice(0, 10);

const originLines = (origin: Origin | undefined): readonly Line[] => {
  if (origin === undefined) return [];
  const { commit, mergeRequest } = origin;
  const short = code(commit.slice(0, 12));
  if (mergeRequest === undefined) return [line('It came with commit ', short, '.')];
  const { iid, url, title } = mergeRequest;
  return [line('It came with ', { text: `!${iid} ${title}`, link: url }, ' (commit ', short, ').')];
};

const ruleLines = ({ policy, caller }: BuiltInCall, rule: Rule): readonly Line[] => {
  const path = rule.who === '*' ? undefined : policy.pathTo?.(caller.account, rule.who);
  return [
    ...(path === undefined || path === caller.account ? [] : [line('You are: ', code(path))]),
    ...(rule.reason === undefined ? [] : [line(`Reason: ${rule.reason}`)]),
    ...(rule.expires === undefined ? [] : [line(`It ends after ${lastDay(rule.expires)} (UTC).`)]),
  ];
};

const allowed = (
  call: BuiltInCall,
  typed: string,
  { rule, revision }: Extract<Decision, { allowed: true }>,
  origin: Origin | undefined,
): Reply =>
  noteReply(
    line(strong('Yes: '), 'you may run ', code(typed), ' here.'),
    line('By the rule for ', code(rule.who), ` (${rule.file}:${rule.line}), policy ${revision}.`),
    ...ruleLines(call, rule),
    ...originLines(origin),
  );

/** Some of the conditions, then how many more. */
const few = (rules: readonly Rule[]): readonly Line[] => {
  const shown = 5;
  const lines = rules
    .slice(0, shown)
    .map(({ condition, file, line: at }) => line('With ', code(condition), ` (${file}:${at})`));
  return rules.length > shown ? [...lines, line(`and ${rules.length - shown} more rules`)] : lines;
};

const oncePerCondition = (rules: readonly Rule[]): readonly Rule[] => [
  ...new Map(rules.map((rule) => [rule.condition, rule])).values(),
];

/** With which input a command could be allowed to the caller here, when some could. */
const someInput = ({ policy, caller, channel }: BuiltInCall, command: Command): Reply | undefined => {
  if (!policy.offered(caller.account, channel.id).includes(command.name)) return undefined;
  const where = { caller: caller.account, channel: channel.id, command: command.name };
  const rules = policy.rulesFor?.(where) ?? [];
  const allows = rules.filter(({ effect }) => effect === 'allow');
  const any = allows.find(({ condition }) => condition === '*');
  const denies = oncePerCondition(rules.filter(({ effect }) => effect === 'deny'));
  return noteReply(
    line(strong('Some: '), 'you may run ', code(command.name), ' here, depending on its input.'),
    ...(any === undefined
      ? few(oncePerCondition(allows))
      : [line(`With any input (${any.file}:${any.line})`)]),
    ...denies.map(({ condition, file, line: at }) =>
      line('Never with ', code(condition), ` (${file}:${at})`),
    ),
    line(`Policy ${policy.revision}.`),
  );
};

const isBare = (rest: string, command: Command | undefined): boolean =>
  command !== undefined && rest === command.name && command.inputs.some(({ required }) => required);

/**
 * `can-i <command> …`: the decision the same line would get here, with its rule or with what is missing; for a bare command name,
 * with which input it could be allowed. Runs nothing.
 */
export const createCanI =
  (ask: Ask, builtIns: readonly string[], provenance: Provenance = unknown): BuiltIn =>
  async (call) => {
    const { policy, caller, channel, rest } = call;
    const offered = () => policy.offered(caller.account, channel.id);
    const read = readCommandLine({ commands: policy.commands, builtIns, offered }, rest);
    if (read.kind === 'empty')
      return noteReply(line('Ask about a whole command: ', code('/chatops can-i lb weight web 10')));
    if (read.kind === 'problem') {
      const { command } = read.problem;
      const some = command !== undefined && isBare(rest, command) ? someInput(call, command) : undefined;
      return some ?? explainProblem(policy, caller, channel, read.problem);
    }
    if (read.kind === 'built-in') return noteReply(line(strong('Yes: '), 'everybody may.'));
    const decision = await ask(call, { command: read.command.name, input: read.input, line: read.line });
    if (!decision.allowed) return deniedReply(read.line, read.command.name, decision);
    const origin = await provenance(decision.rule, decision.revision);
    return allowed(call, read.line, decision, origin);
  };
