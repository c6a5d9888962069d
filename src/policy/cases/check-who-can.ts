import { kindOfId } from '../ids.ts';
import { type Asked, ask, channelsOf, type Line } from './asking.ts';
import { anybody, type WhoCan } from './case.ts';
import { type CaseResult, type Checked, type Question, type Surroundings, tooMuch } from './check-case.ts';
import { lineAsText } from './expectation.ts';
import { stranger, type World } from './world.ts';

/** Everybody whom the rows or the list name, by account, with how reports call them: the person, else the account. */
const everybody = ({ parts }: World, exactly: readonly string[]): ReadonlyMap<string, string> => {
  const names = new Map<string, string>();
  const listed = exactly.map((name) => name.replace(/^not /, ''));
  for (const name of [...parts.links.people.map(({ member }) => member), ...listed])
    if (kindOfId(name) === 'account' && !names.has(name)) {
      const person = [...parts.people.closure(name)].find((one) => one.startsWith('gitlab:'));
      names.set(name, person ?? name);
    }
  return names;
};

interface Answer {
  readonly name: string;
  readonly account: string;
  readonly allowed: boolean;
}

/** A person whose accounts disagree is told by account. */
const namesOf = (answers: readonly Answer[], allowed: boolean): readonly string[] => {
  const mixed = new Set(answers.filter((one) => one.allowed !== allowed).map(({ name }) => name));
  const wanted = answers.filter((one) => one.allowed === allowed);
  return [...new Set(wanted.map(({ name, account }) => (mixed.has(name) ? account : name)))].toSorted();
};

/** The list that would be right. */
const listOf = (asked: readonly Asked[], names: ReadonlyMap<string, string>): readonly string[] => {
  const answers = asked.flatMap(({ request, decision }) => {
    const name = names.get(request.caller);
    return name === undefined ? [] : [{ name, account: request.caller, allowed: decision.allowed }];
  });
  const open = asked.some(({ request, decision }) => request.caller === stranger && decision.allowed);
  if (!open) return namesOf(answers, true);
  return [anybody, ...namesOf(answers, false).map((name) => `not ${name}`)];
};

/** A person may be listed by each of the accounts, too. */
const accountsAsNames = (
  exactly: readonly string[],
  names: ReadonlyMap<string, string>,
): readonly string[] => {
  const accounts = new Map<string, string[]>();
  for (const [account, name] of names) {
    const list = accounts.get(name) ?? [];
    list.push(account);
    accounts.set(name, list);
  }
  return exactly.map((entry) => {
    const listed = entry.replace(/^not /, '');
    const person = names.get(listed) ?? listed;
    const others = accounts.get(person) ?? [listed];
    const whole = others.every((other) => exactly.includes(entry.replace(listed, () => other)));
    return whole ? entry.replace(listed, () => person) : entry;
  });
};

const differences = (right: readonly string[], exactly: readonly string[]): readonly string[] => [
  ...right.filter((name) => !exactly.includes(name)).map((name) => `${name} is missing in the list`),
  ...exactly.filter((name) => !right.includes(name)).map((name) => `${name} is too much in the list`),
];

const most = 20;

const inFew = (wrong: readonly string[]): string =>
  wrong.length > most
    ? `${wrong.slice(0, most).join('; ')}; and ${wrong.length - most} more`
    : wrong.join('; ');

const isAllowed: Question['passes'] = ({ allowed }) => allowed;
const isDenied: Question['passes'] = ({ allowed }) => !allowed;

type Outcome = Pick<CaseResult, 'passed' | 'got'> & { readonly questions: readonly Question[] };

const listAsText = (names: readonly string[]): string => (names.length === 0 ? 'nobody' : names.join(', '));

const compare = (
  one: WhoCan,
  { world, take }: Surroundings,
  line: Extract<Line, { kind: 'command' }>,
): Outcome => {
  const names = everybody(world, one.exactly);
  const listed = new Set(accountsAsNames(one.exactly, names));
  const questions: Question[] = [];
  const wrong: string[] = [];
  const channels = channelsOf(world, one.in);
  const accounts = [...names.keys(), stranger];
  if (!take(accounts.length * channels.length)) return { passed: false, got: tooMuch, questions };
  for (const channel of channels) {
    const asked = ask(world, line, accounts, [channel]);
    const where = channel === one.in ? '' : ` in ${channel}`;
    wrong.push(...differences(listOf(asked, names), [...listed]).map((text) => `${text}${where}`));
    for (const each of asked)
      questions.push({ ...each, world, passes: each.decision.allowed ? isAllowed : isDenied });
  }
  if (questions.length === 0) return { passed: false, got: `no channel is in ${one.in}`, questions };
  const got = wrong.length === 0 ? `exactly ${listAsText([...listed])}` : inFew(wrong);
  return { passed: wrong.length === 0, got, questions };
};

/** Runs one entry of `who_can`: the list must name everybody who may, and nobody else. */
export const checkWhoCan = (one: WhoCan, around: Surroundings): Checked => {
  const { file, line, exactly } = one;
  const common = {
    file,
    line,
    suite: around.suite,
    name: `who can in ${one.in}: ${one.run}`,
    expected: `exactly ${listAsText(exactly)}`,
  };
  const read = around.read(one.run);
  if (read.kind !== 'command')
    return { result: { ...common, passed: false, got: lineAsText(read) }, questions: [] };
  const { questions, ...outcome } = compare(one, around, read);
  return { result: { ...common, ...outcome }, questions };
};
