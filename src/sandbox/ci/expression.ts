import { compilePattern } from './pattern.ts';
import { ConfigError } from './yaml.ts';

/** A part of a `rules:if` expression, read. */
type Node =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'text'; readonly value: string | null }
  | { readonly kind: 'pattern'; readonly value: RegExp }
  | { readonly kind: 'operation'; readonly operator: string; readonly left: Node; readonly right: Node };

const TOKEN =
  /\s*(?:(\(|\)|==|!=|=~|!~|&&|\|\|)|\$(\w+)|"([^"]*)"|'([^']*)'|\/((?:[^/\\]|\\.)+)\/([ismU]*)|(null)\b)/y;
const MOST_TOKENS = 100;
const LEVELS = [['||'], ['&&'], ['==', '!=', '=~', '!~']] as const;

type Token = { readonly sign: string } | { readonly node: Node };
type Value = string | null | boolean | RegExp;

/** Says whether a `rules:if` expression holds; throws ConfigError when it is no expression (https://docs.gitlab.com/ci/jobs/job_rules/). */
export function holds(expression: string, variable: (name: string) => string | undefined): boolean {
  const value = evaluate(parse(expression), variable);
  return value !== null && value !== false && value !== '';
}

/** Throws ConfigError when a `rules:if` expression cannot be read. */
export function checkExpression(expression: string): void {
  parse(expression);
}

function parse(expression: string): Node {
  const tokens = tokenize(expression);
  let at = 0;

  const peek = (): string | undefined => {
    const token = tokens[at];
    return token !== undefined && 'sign' in token ? token.sign : undefined;
  };
  const binary = (level: number): Node => {
    const operators: readonly string[] | undefined = LEVELS[level];
    if (operators === undefined) return single();
    let left = binary(level + 1);
    for (let sign = peek(); sign !== undefined && operators.includes(sign); sign = peek()) {
      at += 1;
      left = { kind: 'operation', operator: sign, left, right: binary(level + 1) };
    }
    return left;
  };
  const single = (): Node => {
    const token = tokens[at];
    at += 1;
    if (token !== undefined && 'node' in token) return token.node;
    if (token?.sign !== '(') throw invalid();
    const inner = binary(0);
    if (peek() !== ')') throw invalid();
    at += 1;
    return inner;
  };

  const whole = binary(0);
  if (at < tokens.length) throw invalid();
  return whole;
}

function invalid(): ConfigError {
  return new ConfigError('invalid expression syntax');
}

function tokenize(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  const text = expression.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text);
    if (found === null || tokens.length >= MOST_TOKENS) throw invalid();
    tokens.push(tokenOf(found));
  }
  if (tokens.length === 0) throw invalid();
  return tokens;
}

function tokenOf(found: RegExpExecArray): Token {
  const [, sign, name, double, single, pattern, flags = ''] = found;
  if (sign !== undefined) return { sign };
  if (name !== undefined) return { node: { kind: 'variable', name } };
  if (pattern !== undefined) return { node: { kind: 'pattern', value: patternOf(pattern, flags) } };
  return { node: { kind: 'text', value: double ?? single ?? null } };
}

function patternOf(source: string, flags: string): RegExp {
  const pattern = compilePattern(source.replaceAll('\\/', '/'), flags);
  if (pattern === undefined) throw new ConfigError('Invalid regular expression!');
  return pattern;
}

/** `&&` and `||` follow Ruby as GitLab does: only null and false are false there, an empty string is not. */
function evaluate(node: Node, variable: (name: string) => string | undefined): Value {
  if (node.kind === 'variable') return variable(node.name) ?? null;
  if (node.kind !== 'operation') return node.value;
  const left = evaluate(node.left, variable);
  const falsy = left === null || left === false;
  if (node.operator === '&&') return falsy ? left : evaluate(node.right, variable);
  if (node.operator === '||') return falsy ? evaluate(node.right, variable) : left;
  const right = evaluate(node.right, variable);
  if (node.operator === '==') return left === right;
  if (node.operator === '!=') return left !== right;
  return matches(left, right) === (node.operator === '=~');
}

function matches(left: Value, right: Value): boolean {
  const text = typeof left === 'string' ? left : '';
  if (right instanceof RegExp) return right.test(text);
  if (typeof right !== 'string') return false;
  const [, source, flags = ''] = /^\/((?:[^/\\]|\\.)+)\/([ismU]*)$/.exec(right) ?? [];
  if (source === undefined) return right.includes(text);
  return patternOf(source, flags).test(text);
}
