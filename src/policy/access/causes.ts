import type { Rule } from '../../core/decision.ts';
import type { Link } from '../rows.ts';
import { applying } from './cell.ts';
import type { Subject } from './classes.ts';
import { applicable, rulesFor, type Side, type Sides } from './sides.ts';
import type { About } from './witness.ts';

/** What brought a change about: a row that is new or gone, or the declaration of the command. */
export type Cause =
  | { readonly kind: 'rule'; readonly change: 'new' | 'gone'; readonly rule: Rule }
  | { readonly kind: 'link'; readonly change: 'new' | 'gone'; readonly link: Link }
  | { readonly kind: 'command' };

const sameRule = (one: Rule, other: Rule): boolean =>
  one.who === other.who &&
  one.channel === other.channel &&
  one.command === other.command &&
  one.condition === other.condition &&
  one.effect === other.effect;

const sameLink = (one: Link, other: Link): boolean =>
  one.member === other.member && one.group === other.group;

const namesOf = (
  { id }: Subject,
  sides: Sides,
  side: Side,
  what: 'people' | 'channels',
): ReadonlySet<string> => new Set(['*', ...(id === '' ? [] : sides[side][what].closure(id))]);

const applyingOn = (side: Side, { command, who, where, example }: About, sides: Sides): readonly Rule[] => {
  const rules = applicable(
    rulesFor(sides[side], command.name),
    namesOf(who, sides, side, 'people'),
    namesOf(where, sides, side, 'channels'),
  );
  return command[side] === undefined ? [] : applying(rules, sides[side].conditions, example);
};

/** The rows of one side that lead from the subject upwards and that the other side does not have. */
const ownLinks = (
  subject: Subject,
  side: Side,
  other: Side,
  sides: Sides,
  what: 'people' | 'channels',
): readonly Link[] => {
  const names = namesOf(subject, sides, side, what);
  return sides[side].links[what].filter(
    (link) => names.has(link.member) && !sides[other].links[what].some((known) => sameLink(link, known)),
  );
};

const most = 3;

/** At most three rows that stand on one side only and made the difference; the command itself when there are none. */
export const causesOf = (about: About, sides: Sides): readonly Cause[] => {
  const [wide, narrow]: readonly [Side, Side] =
    about.direction === 'gain' ? ['after', 'before'] : ['before', 'after'];
  const [fresh, stale] = about.direction === 'gain' ? (['new', 'gone'] as const) : (['gone', 'new'] as const);
  const allows = applyingOn(wide, about, sides);
  const denies = applyingOn(narrow, about, sides).filter(({ effect }) => effect === 'deny');
  const missingIn = (side: Side) => (rule: Rule) => !sides[side].rules.some((known) => sameRule(rule, known));
  const rules: readonly Cause[] = [
    ...allows.filter(missingIn(narrow)).map((rule): Cause => ({ kind: 'rule', change: fresh, rule })),
    ...denies.filter(missingIn(wide)).map((rule): Cause => ({ kind: 'rule', change: stale, rule })),
  ];
  const links: readonly Cause[] = (['people', 'channels'] as const).flatMap((what) => {
    const subject = what === 'people' ? about.who : about.where;
    return [
      ...ownLinks(subject, wide, narrow, sides, what).map(
        (link): Cause => ({ kind: 'link', change: fresh, link }),
      ),
      ...ownLinks(subject, narrow, wide, sides, what).map(
        (link): Cause => ({ kind: 'link', change: stale, link }),
      ),
    ];
  });
  const causes = rules.length > 0 ? rules : links;
  return causes.length > 0 ? causes.slice(0, most) : [{ kind: 'command' }];
};
