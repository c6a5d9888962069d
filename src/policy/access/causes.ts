import type { Rule } from '../../core/decision.ts';
import type { PolicyParts } from '../policy.ts';
import type { Link } from '../rows.ts';
import { applying } from './cell.ts';
import type { Subject } from './classes.ts';
import { applicable, type RulesByWho, type Side, type Sides } from './sides.ts';
import type { About } from './witness.ts';

/** What brought a change about: a row that is new or gone, or the declaration of the command. */
export type Cause =
  | { readonly kind: 'rule'; readonly change: 'new' | 'gone'; readonly rule: Rule }
  | { readonly kind: 'link'; readonly change: 'new' | 'gone'; readonly link: Link }
  | { readonly kind: 'command'; readonly change: 'new' | 'gone' | 'different' };

/** Finds what brought a change about: at most three rows that stand on one side only; the command itself when there are none. */
export type Causes = (about: About) => readonly Cause[];

/** What makes two rules the same: when they end and why they stand there does not count. */
export const keyOfRule = ({ who, channel, command, condition, effect }: Rule): string =>
  JSON.stringify([who, channel, command, condition, effect]);

const keyOfLink = ({ member, group }: Link): string => JSON.stringify([member, group]);

type What = 'people' | 'channels';

const namesOf = ({ id }: Subject, sides: Sides, side: Side, what: What): ReadonlySet<string> =>
  new Set(['*', ...(id === '' ? [] : sides[side][what].closure(id))]);

const most = 3;

/** The rows of each side that make somebody or some channel belong to something and that the other side does not have. */
export type OwnLinks = Readonly<Record<Side, Readonly<Record<What, readonly Link[]>>>>;

/** Finds them, once for a comparison. */
export const ownLinksOf = ({ before, after }: Sides): OwnLinks => {
  const own = (side: PolicyParts, other: PolicyParts, what: What): readonly Link[] => {
    const known = new Set(other.links[what].map(keyOfLink));
    return side.links[what].filter((link) => !known.has(keyOfLink(link)));
  };
  const ownOf = (side: PolicyParts, other: PolicyParts) => ({
    people: own(side, other, 'people'),
    channels: own(side, other, 'channels'),
  });
  return { before: ownOf(before, after), after: ownOf(after, before) };
};

/** Prepares for the changes of one command; `rules` are those that mean it. */
export const createCauses = (
  sides: Sides,
  rules: Readonly<Record<Side, RulesByWho>>,
  links: OwnLinks,
): Causes => {
  const keysOf = (side: Side): ReadonlySet<string> =>
    new Set([...rules[side].values()].flat().map(keyOfRule));
  const standing = { before: keysOf('before'), after: keysOf('after') };
  const stands = (rule: Rule, side: Side): boolean => standing[side].has(keyOfRule(rule));

  const applyingOn = (side: Side, { command, who, where, example }: About): readonly Rule[] => {
    const names = namesOf(who, sides, side, 'people');
    const found = applicable(rules[side], names, namesOf(where, sides, side, 'channels'));
    return command[side] === undefined ? [] : applying(found, sides[side].conditions, example);
  };

  /** Rows of one side only that lead from the subject to something these rules speak of. */
  const leading = (subject: Subject, what: What, side: Side, to: readonly Rule[]): readonly Link[] => {
    const own = links[side][what];
    if (own.length === 0 || to.length === 0) return [];
    const names = namesOf(subject, sides, side, what);
    const wanted = new Set(to.map((rule) => (what === 'people' ? rule.who : rule.channel)));
    const leads = (group: string) => [...sides[side][what].closure(group)].some((name) => wanted.has(name));
    return own.filter((link) => names.has(link.member) && leads(link.group));
  };

  return (about) => {
    const gain = about.direction === 'gain';
    const [wide, narrow]: readonly [Side, Side] = gain ? ['after', 'before'] : ['before', 'after'];
    const [fresh, stale] = gain ? (['new', 'gone'] as const) : (['gone', 'new'] as const);
    const allows = applyingOn(wide, about);
    const denies = applyingOn(narrow, about).filter(({ effect }) => effect === 'deny');
    const ofRules = (found: readonly Rule[], other: Side, change: 'new' | 'gone') =>
      found.filter((rule) => !stands(rule, other)).map((rule): Cause => ({ kind: 'rule', change, rule }));
    const ofLinks = (side: Side, change: 'new' | 'gone', to: readonly Rule[]) =>
      [...leading(about.who, 'people', side, to), ...leading(about.where, 'channels', side, to)].map(
        (link): Cause => ({ kind: 'link', change, link }),
      );
    const causes = [
      ...ofRules(allows, narrow, fresh),
      ...ofRules(denies, wide, stale),
      ...ofLinks(wide, fresh, allows),
      ...ofLinks(narrow, stale, denies),
    ];
    if (causes.length > 0) return causes.slice(0, most);
    return [{ kind: 'command', change: about.command[narrow] === undefined ? fresh : 'different' }];
  };
};
