import type { Place } from '../../core/command.ts';
import { inForceAt } from '../expiring.ts';
import { kindOfId } from '../ids.ts';
import type { Mistake } from '../mistakes.ts';
import { createMistakeList } from '../mistakes.ts';
import { createPolicy, type Policy, type PolicyParts } from '../policy.ts';
import { checkLinks, createRoles } from '../roles.ts';
import type { Link } from '../rows.ts';
import type { Suite } from './case.ts';

/** The policy as the cases of a file see it: with what the file gives, at its moment. */
export interface World {
  readonly parts: PolicyParts;
  readonly policy: Policy;
  /** Unix milliseconds. */
  readonly at: number;
}

/** An account for somebody who has none, so that a person can be asked about. */
const madeUp = 'made-up:cases/';

/** An account that no row knows. No GitLab user is called so. */
export const stranger = `${madeUp}~anybody`;

const isPerson = (name: string): boolean => name.startsWith('gitlab:');

const namedIn = ({ cases, whoCan }: Suite): readonly string[] => [
  ...cases.map(({ as }) => as),
  ...whoCan.flatMap(({ exactly }) => exactly.map((name) => name.replace(/^not /, ''))),
];

/** A link for every person who has no account: those of the rows, and those whom cases name. */
const accountsFor = (links: readonly Link[], named: readonly string[]): readonly Link[] => {
  const linked = new Set<string>();
  const persons = new Set(named.filter(isPerson));
  for (const { member, group } of links) {
    if (isPerson(member)) persons.add(member);
    if (isPerson(group) && kindOfId(member) === 'account') linked.add(group);
  }
  return [...persons]
    .filter((person) => !linked.has(person))
    .map((person) => ({
      file: '(cases)',
      line: 1,
      member: `${madeUp}${person.slice('gitlab:'.length)}`,
      group: person,
    }));
};

const withLinks = (parts: PolicyParts, more: readonly Link[]): PolicyParts => {
  const people = [...parts.links.people, ...more];
  return { ...parts, people: createRoles(people), links: { ...parts.links, people } };
};

/** What is wrong with the given rows together with those of the policy. */
export const givenMistakes = (parts: PolicyParts, { given }: Suite): readonly Mistake[] => {
  const [first] = given;
  if (first === undefined) return [];
  const found = createMistakeList('id');
  checkLinks([...parts.links.people, ...given], found);
  const persons = new Map(
    parts.links.people.filter(({ group }) => isPerson(group)).map(({ member, group }) => [member, group]),
  );
  for (const { file, line, member, group } of given.filter((one) => isPerson(one.group))) {
    const other = persons.get(member) ?? group;
    persons.set(member, other);
    if (other !== group) found.add(file, line, `${member} is ${other} already; it can be one person only`);
  }
  const place: Place = { file: first.file, line: first.line };
  return found.all().map((mistake) => (mistake.file === first.file ? mistake : { ...mistake, ...place }));
};

/** Makes the worlds of suites. Suites that give nothing and speak of the same moment share one. */
export const createWorlds = (
  parts: PolicyParts,
  suites: readonly Suite[],
  now: number,
): ((suite: Suite) => World) => {
  const named = suites.flatMap(namedIn);
  const known = new Map<number, World>();
  const create = (at: number, given: readonly Link[]): World => {
    const then = inForceAt(withLinks(parts, given), at);
    const all = withLinks(then, accountsFor(then.links.people, named));
    return { parts: all, policy: createPolicy(all), at };
  };
  return ({ at = now, given }) => {
    if (given.length > 0) return create(at, given);
    const world = known.get(at) ?? create(at, []);
    known.set(at, world);
    return world;
  };
};
