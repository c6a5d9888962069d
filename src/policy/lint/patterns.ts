import type { Command } from '../../core/command.ts';
import { commandMatches } from '../command-pattern.ts';
import { type Comparison, comparisonsOf, valueAsText } from '../condition/ast.ts';
import type { PolicyParts } from '../policy.ts';
import type { Report } from './finding.ts';

type Matches = Extract<Comparison, { kind: 'matches' }>;

const literal = /^(?:[^\\.+*?()|[\]{}^$]|\\[.+*?()|[\]{}^$\\-])+$/;
const plain = (source: string): string => source.replace(/\\(.)/g, '$1');

/** A pattern must match the whole text, so these signs add nothing. */
const unanchored = (source: string): string => source.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');

const literalsOf = (source: string): readonly string[] | undefined => {
  const ways = unanchored(source.replace(/^\(([^()]*)\)$/, '$1')).split('|');
  return ways.every((way) => literal.test(way)) ? ways.map(plain) : undefined;
};

/** What says the same without a pattern; undefined when nothing does. */
const insteadOf = ({ name, source }: Matches, commands: readonly Command[]): string | undefined => {
  const texts = literalsOf(source);
  if (texts?.length === 1) return `write ${name} = ${valueAsText(texts[0] ?? '')}`;
  if (texts !== undefined) return `write ${name} in (${texts.map(valueAsText).join(', ')})`;
  const specs = commands.flatMap(({ inputs }) => inputs.filter((one) => one.name === name));
  const always = specs.every(
    (spec) =>
      spec.type === 'string' && spec.pattern !== undefined && unanchored(spec.pattern) === unanchored(source),
  );
  return specs.length > 0 && always ? `${name} always looks like this` : undefined;
};

/** Patterns are hard to review: where a plain comparison says the same, it should. */
export const lintPatterns = ({ rules, conditions, commands }: PolicyParts, report: Report): void => {
  for (const rule of rules) {
    if (!rule.condition.includes('re:')) continue;
    const known = conditions.get(rule.condition);
    if (known === undefined) continue;
    const found = comparisonsOf(known.condition).filter((one) => one.kind === 'matches');
    const meant = found.length === 0 ? [] : commands.filter(({ name }) => commandMatches(name, rule.command));
    for (const one of found) {
      const instead = insteadOf(one, meant);
      if (instead !== undefined)
        report(rule, 'needless-pattern', `re:${one.source} needs no pattern; ${instead}`);
    }
  }
};
