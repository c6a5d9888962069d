import type { BuiltIn, BuiltInCall } from '../core/built-in.ts';
import { readCommandLine } from '../core/command-line.ts';
import type { Decision } from '../core/decision.ts';
import { explainProblem } from '../core/replies/explain-problem.ts';
import { deniedReply, noteReply } from '../core/replies/refusals.ts';
import { code, line, strong } from '../core/replies/spans.ts';
import type { Reply } from '../core/reply.ts';

/** Asks the policy and keeps the question on record. */
type Ask = (
  call: BuiltInCall,
  asked: { command: string; input: Readonly<Record<string, string | number | boolean>>; line: string },
) => Promise<Decision>;

const allowed = (typed: string, decision: Extract<Decision, { allowed: true }>): Reply => {
  const { who, file, line: at } = decision.rule;
  return noteReply(
    line(strong('Yes: '), 'you may run ', code(typed), ' here.'),
    line('By the rule for ', code(who), ` (${file}:${at}), policy ${decision.revision}.`),
  );
};

/** `can-i <command> …`: the decision the same line would get here, with its rule or with what is missing. Runs nothing. */
export const createCanI =
  (ask: Ask, builtIns: readonly string[]): BuiltIn =>
  async (call) => {
    const { policy, caller, channel, rest } = call;
    const offered = () => policy.offered(caller.account, channel.id);
    const read = readCommandLine({ commands: policy.commands, builtIns, offered }, rest);
    if (read.kind === 'empty')
      return noteReply(line('Ask about a whole command: ', code('/chatops can-i lb weight web 10')));
    if (read.kind === 'problem') return explainProblem(policy, caller, channel, read.problem);
    if (read.kind === 'built-in') return noteReply(line(strong('Yes: '), 'everybody may.'));
    const decision = await ask(call, { command: read.command.name, input: read.input, line: read.line });
    return decision.allowed
      ? allowed(read.line, decision)
      : deniedReply(read.line, read.command.name, decision);
  };
