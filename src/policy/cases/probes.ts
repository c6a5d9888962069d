import type { Rule } from '../../core/decision.ts';
import { type Candidates, createCandidates } from '../candidates.ts';
import type { PolicyParts } from '../policy.ts';
import type { Question } from './check-case.ts';
import type { Sight } from './ruling.ts';
import type { World } from './world.ts';

/** A question that a case asked, with the rules that match it, in the order of the file. */
export interface Probe extends Sight {
  readonly passes: Question['passes'];
  readonly matching: readonly Rule[];
  readonly world: World;
}

const indexOf = ({ parts }: World): Candidates =>
  createCandidates(parts.rules, parts.conditions, parts.people, parts.channels);

/** Looks up once what every question is about. */
export const createProbes = (questions: readonly Question[]): readonly Probe[] => {
  const indexes = new Map<World, Candidates>();
  return questions.map(({ request, world, passes }) => {
    const index = indexes.get(world) ?? indexOf(world);
    indexes.set(world, index);
    const found = index.find(request).filter(({ appliesTo }) => appliesTo(request.input));
    const { people, channels } = world.parts;
    return {
      caller: people.closure(request.caller),
      channel: channels.closure(request.channel),
      command: request.command,
      input: request.input,
      at: world.at,
      passes,
      matching: found.toSorted((a, b) => a.at - b.at).map(({ rule }) => rule),
      world,
    };
  });
};

/** Of questions that no rule can tell apart, one each: enough for mutants of rules. */
export const distinct = (parts: PolicyParts, probes: readonly Probe[]): readonly Probe[] => {
  const who = new Set(parts.rules.map((rule) => rule.who));
  const where = new Set(parts.rules.map((rule) => rule.channel));
  const numbers = new Map<unknown, number>();
  const numberOf = (one: unknown): number => {
    const number = numbers.get(one) ?? numbers.size;
    numbers.set(one, number);
    return number;
  };
  const seen = new Map<string, Probe>();
  for (const probe of probes) {
    const names = [...probe.caller].filter((name) => who.has(name)).toSorted();
    const places = [...probe.channel].filter((name) => where.has(name)).toSorted();
    const input = JSON.stringify(Object.entries(probe.input).toSorted());
    const verdicts = numberOf(probe.passes);
    seen.set(JSON.stringify([names, places, probe.command, input, probe.at, verdicts]), probe);
  }
  return [...seen.values()];
};
