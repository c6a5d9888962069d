import type { Rule } from '../../core/decision.ts';
import type { PolicyParts } from '../policy.ts';
import type { Mutant } from './mutants.ts';
import type { Probe } from './probes.ts';
import { type Matching, matches, ruleOn } from './ruling.ts';
import { createReach, type Reach } from './without-link.ts';
import type { World } from './world.ts';

/** A policy with the place of every rule in the file's order. */
export interface Ordered {
  readonly parts: PolicyParts;
  readonly places: ReadonlyMap<Rule, number>;
}

const asIs = (rule: Rule): Matching => ({ rule, effect: rule.effect });

/** The mutated rule stands where the rule stood. */
const withMutated = ({ places }: Ordered, { matching }: Probe, from: Rule, to: Rule): readonly Matching[] => {
  const mutated = { rule: from, effect: to.effect };
  if (matching.includes(from)) return matching.map((rule) => (rule === from ? mutated : asIs(rule)));
  const place = places.get(from) ?? 0;
  const before = matching.filter((rule) => (places.get(rule) ?? 0) < place);
  return [...before.map(asIs), mutated, ...matching.slice(before.length).map(asIs)];
};

/** Whether a case would notice that the rule is another one, or is not there. */
export const noticesRule =
  (policy: Ordered, from: Rule, to: Rule | undefined) =>
  (probe: Probe): boolean => {
    const did = probe.matching.includes(from);
    const does = to !== undefined && matches(to, probe, policy.parts.conditions);
    if (!did && !does) return false;
    const matching = does
      ? withMutated(policy, probe, from, to)
      : probe.matching.filter((rule) => rule !== from).map(asIs);
    return !probe.passes(ruleOn(matching));
  };

/** Prepares the links of a world once, whichever row is asked about. */
export const createReaches = () => {
  const known = new Map<World, { readonly g: Reach; readonly g2: Reach }>();
  return (world: World, kind: 'g' | 'g2'): Reach => {
    const { people, channels } = world.parts.links;
    const reaches = known.get(world) ?? { g: createReach(people), g2: createReach(channels) };
    known.set(world, reaches);
    return reaches[kind];
  };
};

/**
 * Whether a case would notice that the row is not there. Somebody is less without it than before, so that rules can only stop
 * matching.
 */
export const noticesLink =
  (reachOf: ReturnType<typeof createReaches>, { kind, link }: Extract<Mutant, { kind: 'g' | 'g2' }>) =>
  (probe: Probe): boolean => {
    const [names, column] =
      kind === 'g' ? ([probe.caller, 'who'] as const) : ([probe.channel, 'channel'] as const);
    const [self] = names;
    if (self === undefined || !names.has(link.member) || !names.has(link.group)) return false;
    const left = reachOf(probe.world, kind).without(self, link);
    const matching = probe.matching.filter((rule) => rule[column] === '*' || left.has(rule[column]));
    return matching.length < probe.matching.length && !probe.passes(ruleOn(matching.map(asIs)));
  };
