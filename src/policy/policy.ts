import type { Command } from '../core/command.ts';
import type { Decision, DecisionRequest, Rule } from '../core/decision.ts';
import { GatewayError } from '../core/errors.ts';
import { type Candidates, createCandidates } from './candidates.ts';
import { type AskCasbin, createAskCasbin } from './casbin.ts';
import { isAccount } from './ids.ts';
import { nearMisses, type Surroundings } from './near.ts';
import { pathBetween } from './paths.ts';
import type { Roles } from './roles.ts';
import type { Link } from './rows.ts';
import type { Conditions } from './rules.ts';

/** A compiled policy: immutable, answers at once. */
export interface Policy {
  readonly revision: string;
  /** Sorted by name. */
  readonly commands: readonly Command[];
  readonly rules: readonly Rule[];
  /** Decides by Casbin. Throws a GatewayError when it cannot; then nothing may happen. */
  decide(request: DecisionRequest): Decision;
  /** Whether some input could be allowed: an allow rule speaks of this caller, channel and command, and no unconditional deny does. */
  couldAllow(request: Pick<DecisionRequest, 'caller' | 'channel' | 'command'>): boolean;
  /** The rules that speak of this caller, channel and command, in the order of the file, whatever their condition. */
  rulesFor(request: Pick<DecisionRequest, 'caller' | 'channel' | 'command'>): readonly Rule[];
  /** The memberships that make the account what a rule's `who` names, the shortest way; empty when it takes none. */
  pathTo(account: string, who: string): readonly Link[];
  /** Every `role:<name>` the account holds, directly or through others, sorted. */
  rolesOf(account: string): readonly string[];
  /** The `gitlab:<username>` that a g row links the account to. */
  personOf(account: string): string | undefined;
  /** Every `gitlab-group:<path>` that the policy speaks of, sorted: whose members must be known. */
  readonly groups: readonly string[];
}

/** What a policy is made of once its files are free of mistakes: every row, also those that have expired. */
export interface PolicyParts {
  readonly revision: string;
  readonly model: string;
  readonly commands: readonly Command[];
  readonly rules: readonly Rule[];
  readonly conditions: Conditions;
  readonly people: Roles;
  readonly channels: Roles;
  readonly groups: readonly string[];
  /** The g rows with what is known from GitLab, and the g2 rows: what `people` and `channels` were made of. */
  readonly links: { readonly people: readonly Link[]; readonly channels: readonly Link[] };
}

type Where = Pick<DecisionRequest, 'caller' | 'channel' | 'command'>;

const requireIds = ({ caller, channel }: Where): void => {
  for (const [what, id] of [
    ['caller', caller],
    ['channel', channel],
  ] as const)
    if (!isAccount(id))
      throw new GatewayError(
        'internal',
        `deciding for ${what} ${JSON.stringify(id)}: it must be <app>:<tenant>/<id>`,
      );
};

const findFor = (candidates: Candidates, where: Where) => {
  requireIds(where);
  return candidates.find(where);
};

const createDecide =
  (parts: PolicyParts, candidates: Candidates, ask: AskCasbin) =>
  (request: DecisionRequest): Decision => {
    const { revision } = parts;
    const { allowed, by } = ask(findFor(candidates, request), request);
    if (allowed && by !== undefined) return { allowed, rule: by.rule, revision };
    if (by !== undefined) return { allowed: false, rule: by.rule, near: [], revision };
    const around: Surroundings = parts;
    let near: ReturnType<typeof nearMisses> | undefined;
    return {
      allowed: false,
      rule: undefined,
      revision,
      // Looked for when somebody wants to read them: many decisions only ask yes or no.
      get near() {
        near ??= nearMisses(candidates.forCommand(request.command), request, around);
        return near;
      },
    };
  };

const createCouldAllow =
  (candidates: Candidates) =>
  (where: Where): boolean => {
    const found = findFor(candidates, where);
    const closed = found.some(({ rule }) => rule.effect === 'deny' && rule.condition === '*');
    return !closed && found.some(({ rule }) => rule.effect === 'allow');
  };

/** Makes the policy answer. */
export const createPolicy = (parts: PolicyParts): Policy => {
  const { revision, commands, rules, groups, people, channels, conditions } = parts;
  const candidates = createCandidates(rules, conditions, people, channels);
  const closureOf = (account: string) => [...people.closure(account)];
  return {
    revision,
    commands,
    rules,
    groups,
    decide: createDecide(parts, candidates, createAskCasbin(parts.model, conditions, people, channels)),
    couldAllow: createCouldAllow(candidates),
    rulesFor: (where) =>
      findFor(candidates, where)
        .toSorted((a, b) => a.at - b.at)
        .map(({ rule }) => rule),
    pathTo: (account, who) => pathBetween(parts.links.people, account, who),
    rolesOf: (account) =>
      closureOf(account)
        .filter((name) => name.startsWith('role:'))
        .toSorted(),
    personOf: (account) => closureOf(account).find((name) => name.startsWith('gitlab:')),
  };
};
