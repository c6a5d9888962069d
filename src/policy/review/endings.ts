import type { Rule } from '../../core/decision.ts';
import type { PolicyParts } from '../policy.ts';
import type { Link } from '../rows.ts';
import type { About } from './about.ts';
import { linked } from './links.ts';
import { quoted } from './quoted.ts';

/** A row that ends, ends on another day than before, or no longer ends. Days are the last ones on which it holds, in UTC. */
export interface Ending {
  readonly file: string;
  readonly line: number;
  readonly row: string;
  /** Undefined: it was there and did not end. `new`: the row was not there. */
  readonly was: string | undefined;
  /** Undefined: it does not end. */
  readonly is: string | undefined;
}

const ruleText = ({ who, channel, command, condition, effect }: Rule): string =>
  ['p', who, channel, command, condition, effect].join(', ');

const linkText = (section: string, { member, group }: Link): string => [section, member, group].join(', ');

type Row = Pick<Rule, 'file' | 'line' | 'expires'>;

const rowsOf = ({ rules, links }: PolicyParts): readonly (readonly [string, Row])[] => [
  ...rules.map((rule) => [ruleText(rule), rule] as const),
  ...links.people.map((link) => [linkText('g', link), link] as const),
  ...links.channels.map((link) => [linkText('g2', link), link] as const),
];

/** `expires` is the first moment after the last day. */
const dayOf = (expires: number | undefined): string | undefined =>
  expires === undefined ? undefined : new Date(expires - 1).toISOString().slice(0, 10);

/** Rows whose end differs: comparing what people may do now does not show it. */
export const endingChanges = (before: PolicyParts | undefined, after: PolicyParts): readonly Ending[] => {
  const old = new Map(before === undefined ? [] : rowsOf(before));
  return rowsOf(after).flatMap(([row, { file, line, expires }]) => {
    const known = old.get(row);
    const is = dayOf(expires);
    const was = known === undefined ? 'new' : dayOf(known.expires);
    const same = known === undefined ? is === undefined : was === is;
    return same ? [] : [{ file, line, row, was, is }];
  });
};

const words = ({ was, is }: Ending): string => {
  if (is === undefined) return `no longer ends (was: ${was})`;
  if (was === 'new') return `is new and ends with ${is}`;
  return `ends with ${is} (was: ${was ?? 'never'})`;
};

/** One line of Markdown for each. */
export const endingLines = (endings: readonly Ending[], about: About): readonly string[] =>
  endings.map((ending) => `- ${linked(about, ending)} ${quoted(ending.row)} ${words(ending)}`);
