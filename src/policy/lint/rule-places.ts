import type { Rule } from '../../core/decision.ts';
import { patternsFor } from '../command-pattern.ts';
import type { Link } from '../rows.ts';

/** Steps that may still be taken: what a hostile policy would ask for more of is not looked at. */
export interface Steps {
  left: number;
}

/** Finds the rules that speak of everybody, every channel and every command that a rule speaks of. */
export interface RulePlaces {
  /** Of these, with one of the conditions when some are given; itself is among them. Not all of them once the steps are used up. */
  covering(rule: Rule, conditions?: readonly string[]): Iterable<Rule>;
}

const push = <Key>(lists: Map<Key, Rule[]>, key: Key, rule: Rule): void => {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [rule]);
  else list.push(rule);
};

/** Rules of one command, who and channel by their condition. */
type Place = Map<string, Rule[]>;

const placesOf = (rules: readonly Rule[]): ReadonlyMap<string, Place> => {
  const places = new Map<string, Place>();
  for (const rule of rules) {
    const key = `${rule.command}\n${rule.who}\n${rule.channel}`;
    const place: Place = places.get(key) ?? new Map();
    places.set(key, place);
    push(place, rule.condition, rule);
  }
  return places;
};

const nextOf = (links: readonly Link[]): ReadonlyMap<string, readonly string[]> => {
  const next = new Map<string, string[]>();
  for (const { member, group } of links) {
    const list = next.get(member);
    if (list === undefined) next.set(member, [group]);
    else list.push(group);
  }
  return next;
};

/** More groups than anybody keeps in mind. */
const mostGroups = 200;

/** What a name is and belongs to, nearest first, as far as rules speak of it, and everybody. */
const createWider = (links: readonly Link[], spokenOf: ReadonlySet<string>, steps: Steps) => {
  const next = nextOf(links);
  const known = new Map<string, readonly string[]>();
  return (name: string): readonly string[] => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const seen = new Set([name]);
    for (const one of seen)
      for (const group of next.get(one) ?? []) {
        steps.left--;
        if (seen.size < mostGroups && steps.left > 0) seen.add(group);
      }
    const wider = [...new Set([...seen, '*'])].filter((one) => spokenOf.has(one));
    known.set(name, wider);
    return wider;
  };
};

/** Rules by place. Only links that last count: a rule is not covered by one that will cease to be about its people. */
export const createRulePlaces = (
  rules: readonly Rule[],
  links: { readonly people: readonly Link[]; readonly channels: readonly Link[] },
  steps: Steps,
): RulePlaces => {
  const places = placesOf(rules);
  const whoOf = createWider(links.people, new Set(rules.map(({ who }) => who)), steps);
  const whereOf = createWider(links.channels, new Set(rules.map(({ channel }) => channel)), steps);
  const around = function* ({ who, channel, command }: Rule): Generator<Place> {
    for (const pattern of new Set(patternsFor(command)))
      for (const one of whoOf(who))
        for (const where of whereOf(channel)) {
          if (steps.left-- <= 0) return;
          const place = places.get(`${pattern}\n${one}\n${where}`);
          if (place !== undefined) yield place;
        }
  };
  return {
    *covering(rule, conditions) {
      for (const place of around(rule))
        for (const list of conditions?.map((text) => place.get(text) ?? []) ?? place.values())
          for (const one of list) {
            if (steps.left-- <= 0) return;
            yield one;
          }
    },
  };
};
