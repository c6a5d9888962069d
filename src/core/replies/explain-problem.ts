import type { PolicyInForce } from '../built-in.ts';
import type { Caller, Channel } from '../invocation.ts';
import type { Problem } from '../read-input.ts';
import type { Reply } from '../reply.ts';
import { deniedReply, problemReply } from './refusals.ts';

/** Usage and option values of a command are told only to those who may run it here; the others learn what they lack. */
export const explainProblem = (
  policy: PolicyInForce,
  caller: Caller,
  channel: Channel,
  problem: Problem,
): Reply => {
  const { command } = problem;
  if (command === undefined) return problemReply(problem);
  const decision = policy.decide({
    caller: caller.account,
    channel: channel.id,
    command: command.name,
    input: {},
  });
  const mayTry = decision.allowed || policy.offered(caller.account, channel.id).includes(command.name);
  return mayTry ? problemReply(problem) : deniedReply(problem.line, command.name, decision);
};
