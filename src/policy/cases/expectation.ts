import type { Decision, Rule } from '../../core/decision.ts';
import type { Line } from './asking.ts';
import type { Expected } from './case.ts';
import { isNamed, ruleAsText } from './rule-names.ts';

/** How the policy ruled: whether it allows, and the rule that decided; no rule when none allowed. */
export type Ruling = Pick<Decision, 'allowed' | 'rule'>;

/** An expectation held against the rules that there are. */
export interface Expectation {
  /** As reports say it. */
  readonly text: string;
  /** The line must not be understood. */
  readonly wantsBadInput: boolean;
  passes(ruling: Ruling): boolean;
}

const nameOf = (expected: Expected): string | undefined => {
  if (expected.effect === 'allow') return expected.by;
  return expected.because?.kind === 'denied-by' ? expected.because.rule : undefined;
};

const textOf = (expected: Expected, known: boolean): string => {
  const name = nameOf(expected);
  const stale = known ? '' : '; no rule is written so';
  if (name !== undefined) return `${expected.effect} by ${name}${stale}`;
  if (expected.effect === 'allow' || expected.because === undefined) return expected.effect;
  return expected.because.kind === 'no-rule'
    ? 'deny because no rule allows it'
    : 'a line that cannot be read';
};

/** Holds an expectation against the rules. */
export const createExpectation = (rules: readonly Rule[], expected: Expected): Expectation => {
  const name = nameOf(expected);
  const named = new Set(name === undefined ? [] : rules.filter((rule) => isNamed(name, rule)));
  const isRight = (rule: Rule | undefined): boolean => {
    if (name !== undefined) return rule !== undefined && named.has(rule);
    return expected.effect === 'allow' || expected.because === undefined || rule === undefined;
  };
  return {
    text: textOf(expected, name === undefined || named.size > 0),
    wantsBadInput: expected.effect === 'deny' && expected.because?.kind === 'bad-input',
    passes: ({ allowed, rule }) => allowed === (expected.effect === 'allow') && isRight(rule),
  };
};

/** How the policy ruled, as reports say it. */
export const rulingAsText = ({ allowed, rule }: Ruling): string => {
  if (rule === undefined) return 'denied: no rule allows it';
  return `${allowed ? 'allowed' : 'denied'} by ${ruleAsText(rule)}`;
};

/** What became of a line that is no command of the policy. */
export const lineAsText = (line: Exclude<Line, { kind: 'command' }>): string => {
  if (line.kind === 'built-in') return `${line.name} is built in; the policy does not decide about it`;
  const { message, suggestions } = line.problem;
  const hint = suggestions.length === 0 ? '' : `; did you mean ${suggestions.join(', ')}?`;
  return `cannot be read: ${message}${hint}`;
};

/** The rule that comes nearest to allowing, with what is missing; undefined when there is none. */
export const nearAsText = (decision: Decision): string | undefined => {
  if (decision.allowed) return undefined;
  const [near] = decision.near;
  if (near === undefined) return undefined;
  return `${ruleAsText(near.rule)} needs ${near.missing.map(({ need }) => need).join(', ')}`;
};
