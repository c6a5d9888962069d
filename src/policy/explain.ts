import type { Decision, DecisionRequest, NearMiss, Rule } from '../core/decision.ts';
import { applies } from './condition/compile.ts';
import { kindOfId } from './ids.ts';
import { pathBetween } from './paths.ts';
import { createPolicy, type Policy, type PolicyParts } from './policy.ts';
import { createRoles } from './roles.ts';
import type { Link } from './rows.ts';

/** Why a policy answers as it does. */
export interface Explanation {
  readonly decision: Decision;
  /** Whom the deciding rule speaks of: memberships from the one who asks to the rule's `who`, the shortest way; empty for `*`. */
  readonly people: readonly Link[];
  /** The same from the channel to the rule's `channel`. */
  readonly channels: readonly Link[];
  readonly near: readonly NearMiss[];
  /** The other rules that apply to the very same request, in the order of policy.csv: what they say did not decide. */
  readonly others: readonly Rule[];
}

/** Somebody as a person of the policy; the account is made up when it is none of the policy's. */
interface Standing {
  readonly parts: PolicyParts;
  readonly accounts: readonly string[];
}

/** No row can be written there, so no rule speaks of it by its name. */
const madeUpFile = '(made up)';
const madeUpAccount = 'made-up:explain/~person';

/** A channel of which no rule speaks by its name. */
export const anyChannel = 'made-up:explain/~channel';

const withAccount = (parts: PolicyParts, person: string): Standing => {
  const link = { file: madeUpFile, line: 1, member: madeUpAccount, group: person };
  const people = [...parts.links.people, link];
  const linked = { ...parts, people: createRoles(people), links: { ...parts.links, people } };
  return { parts: linked, accounts: [madeUpAccount] };
};

/** An account as it is; a GitLab user through the accounts linked to them, or through one made up when there is none. */
const standingOf = (parts: PolicyParts, as: string): Standing => {
  if (kindOfId(as) === 'account') return { parts, accounts: [as] };
  const accounts = parts.people.members(as).filter((name) => kindOfId(name) === 'account');
  return accounts.length > 0 ? { parts, accounts } : withAccount(parts, as);
};

const pathsOf = ({ links }: PolicyParts, rule: Rule | undefined, request: DecisionRequest) => ({
  people:
    rule === undefined
      ? []
      : pathBetween(links.people, request.caller, rule.who).filter(({ file }) => file !== madeUpFile),
  channels: rule === undefined ? [] : pathBetween(links.channels, request.channel, rule.channel),
});

const othersOf = (
  policy: Policy,
  { conditions }: PolicyParts,
  request: DecisionRequest,
  decider: Rule | undefined,
): readonly Rule[] =>
  policy
    .rulesFor(request)
    .filter((rule) => rule !== decider)
    .filter(({ condition, effect }) => applies(conditions.get(condition)?.ask(request.input), effect));

/**
 * Explains one decision. `caller` is an account or `gitlab:<user>`: one of several accounts that is allowed speaks for the user.
 * `parts` must be as they are in force.
 */
export const explainDecision = (parts: PolicyParts, request: DecisionRequest): Explanation => {
  const standing = standingOf(parts, request.caller);
  const policy = createPolicy(standing.parts);
  const asked = standing.accounts.map((caller) => {
    const one = { ...request, caller };
    return { request: one, decision: policy.decide(one) };
  });
  const best = asked.find(({ decision }) => decision.allowed) ?? asked[0];
  if (best === undefined) throw new Error(`${request.caller} has no account to ask with`);
  const { decision } = best;
  return {
    decision,
    ...pathsOf(standing.parts, decision.rule, best.request),
    near: decision.allowed ? [] : decision.near,
    others: othersOf(policy, standing.parts, best.request, decision.rule),
  };
};
