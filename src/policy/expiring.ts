import { createPolicy, type Policy, type PolicyParts } from './policy.ts';
import { createRoles } from './roles.ts';

/** A row that may end. */
type Ending = { readonly expires?: number };

const stands =
  (at: number) =>
  ({ expires }: Ending): boolean =>
    expires === undefined || at < expires;

/** The policy as it is at that moment (Unix milliseconds): without the rows that have expired. */
export const inForceAt = (parts: PolicyParts, at: number): PolicyParts => {
  const people = parts.links.people.filter(stands(at));
  const channels = parts.links.channels.filter(stands(at));
  return {
    ...parts,
    rules: parts.rules.filter(stands(at)),
    people: createRoles(people),
    channels: createRoles(channels),
    links: { people, channels },
  };
};

/** The moments at which rows of it expire, each once, in order. */
export const expiriesOf = ({ rules, links }: PolicyParts): readonly number[] => {
  const rows: readonly Ending[] = [...rules, ...links.people, ...links.channels];
  return [...new Set(rows.flatMap(({ expires }) => expires ?? []))].toSorted((a, b) => a - b);
};

interface Period {
  readonly from: number;
  readonly until: number;
  readonly policy: Policy;
}

const periodAt = (parts: PolicyParts, moments: readonly number[], at: number): Period => ({
  from: moments.findLast((moment) => moment <= at) ?? Number.NEGATIVE_INFINITY,
  until: moments.find((moment) => moment > at) ?? Number.POSITIVE_INFINITY,
  policy: createPolicy(inForceAt(parts, at)),
});

/**
 * Makes the policy answer by the rows in force at the moment of each question. Between two expiries nothing changes, so one
 * compiled policy answers for the whole of that time, and a question costs one look at the clock more.
 */
export const createExpiring = (parts: PolicyParts, now: () => number): Policy => {
  const moments = expiriesOf(parts);
  if (moments.length === 0) return createPolicy(parts);
  let period = periodAt(parts, moments, now());
  const current = (): Policy => {
    const at = now();
    // Also back: a clock that was put right must not leave a grant ended, nor a freeze.
    if (at < period.from || at >= period.until) period = periodAt(parts, moments, at);
    return period.policy;
  };
  const { revision, commands, rules, groups } = parts;
  return {
    revision,
    commands,
    rules,
    groups,
    decide: (request) => current().decide(request),
    couldAllow: (where) => current().couldAllow(where),
    rulesFor: (where) => current().rulesFor(where),
    pathTo: (account, who) => current().pathTo(account, who),
    rolesOf: (account) => current().rolesOf(account),
    personOf: (account) => current().personOf(account),
  };
};
