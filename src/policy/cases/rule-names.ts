import type { Place } from '../../core/command.ts';
import type { Rule } from '../../core/decision.ts';
import type { Link } from '../rows.ts';

/** The columns of a rule as they are read aloud: `role:sre, channels:ops, *, *, allow`. */
export const columnsOf = ({ who, channel, command, condition, effect }: Rule): string =>
  [who, channel, command, condition, effect].join(', ');

const placeOf = ({ file, line }: Place): string => `${file}:${line}`;

/** A rule as reports show it: `policy.csv:14 (role:sre, channels:ops, *, *, allow)`. */
export const ruleAsText = (rule: Rule): string => `${placeOf(rule)} (${columnsOf(rule)})`;

/** A `g` or `g2` row as reports show it. */
export const linkAsText = (kind: 'g' | 'g2', link: Link): string =>
  `${placeOf(link)} (${kind}, ${link.member}, ${link.group})`;

/** Whether the name means this rule: its columns from the left, as many as are needed, or its place. */
export const isNamed = (name: string, rule: Rule): boolean => {
  const columns = columnsOf(rule);
  return name === columns || columns.startsWith(`${name}, `) || name === placeOf(rule);
};
