import type { PolicyInForce } from '../built-in.ts';
import type { Decision } from '../decision.ts';
import type { Caller, Channel } from '../invocation.ts';
import type { Problem } from '../read-input.ts';
import type { Reply } from '../reply.ts';
import { deniedReply, problemReply } from './refusals.ts';

type Denied = Extract<Decision, { allowed: false }>;

/** What the caller lacks whatever the input: nothing was understood that a condition on the input could be held against. */
const withoutInput = (decision: Denied): Denied => ({
  ...decision,
  rule: undefined,
  near:
    decision.rule !== undefined
      ? []
      : decision.near
          .map((near) => ({ ...near, missing: near.missing.filter(({ kind }) => kind !== 'input') }))
          .filter(({ missing }) => missing.length > 0),
});

/** Usage and option values of a command are told only to those who may run it here; the others learn what they lack. */
export const explainProblem = (
  policy: PolicyInForce,
  caller: Caller,
  channel: Channel,
  problem: Problem,
): Reply => {
  const { command } = problem;
  if (command === undefined || policy.offered(caller.account, channel.id).includes(command.name))
    return problemReply(problem);
  const request = { caller: caller.account, channel: channel.id, command: command.name, input: {} };
  const decision = policy.decide(request);
  return decision.allowed
    ? problemReply(problem)
    : deniedReply(problem.line, command.name, withoutInput(decision));
};
