import type { Rule } from '../../core/decision.ts';
import type { PolicyParts } from '../policy.ts';
import type { Link } from '../rows.ts';
import { linkAsText, ruleAsText } from './rule-names.ts';

/** One change of a policy that its cases should notice. `to` is undefined when the rule is dropped. */
export type Mutant =
  | { readonly kind: 'rule'; readonly rule: Rule; readonly to: Rule | undefined; readonly text: string }
  | { readonly kind: 'g' | 'g2'; readonly link: Link; readonly text: string };

const widened = [
  ['who', 'spoke of everyone'],
  ['channel', 'held in every channel'],
  ['command', 'held for every command'],
  ['condition', 'held for every input'],
] as const;

const ofRule = (rule: Rule): readonly Mutant[] => {
  const name = ruleAsText(rule);
  const other = rule.effect === 'allow' ? 'deny' : 'allow';
  const change = (to: Rule | undefined, what: string): Mutant => ({
    kind: 'rule',
    rule,
    to,
    text: `${name} ${what}`,
  });
  return [
    change(undefined, 'were dropped'),
    change({ ...rule, effect: other }, `said ${other}`),
    ...widened
      .filter(([column]) => rule[column] !== '*')
      .map(([column, what]) => change({ ...rule, [column]: '*' }, what)),
  ];
};

const ofLink = (kind: 'g' | 'g2', link: Link): Mutant => ({
  kind,
  link,
  text: `${linkAsText(kind, link)} were dropped`,
});

/** Every mutant of the rows of policy.csv, one after the other; memberships that stand in no row have none. */
export function* mutantsOf({ rules, links }: PolicyParts): Generator<Mutant> {
  for (const rule of rules) yield* ofRule(rule);
  // Rows that are not of the file, such as memberships from GitLab, have their place in parentheses.
  const isRow = ({ file }: Link): boolean => !file.startsWith('(');
  for (const link of links.people.filter(isRow)) yield ofLink('g', link);
  for (const link of links.channels.filter(isRow)) yield ofLink('g2', link);
}
