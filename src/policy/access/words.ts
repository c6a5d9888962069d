import type { Rule } from '../../core/decision.ts';
import type { Link } from '../rows.ts';
import type { Cause } from './causes.ts';
import type { Subject } from './classes.ts';
import type { AccessDiff, Change } from './diff.ts';

/** How text that stands in the policy is shown: as it is in a terminal, as code in Markdown. */
export type Show = (text: string) => string;

const mostNamed = 12;

/** The first names of a list, then how many more there are. */
export const listed = (names: readonly string[], show: Show, most = mostNamed): string => {
  const more = names.length > most ? [`${names.length - most} more`] : [];
  return [...names.slice(0, most).map(show), ...more].join(', ');
};

/** One of whom the policy does not know who they are. */
const unnamed = ({ kind, name }: Subject, show: Show): string => {
  if (kind === 'group') return `everybody in GitLab group ${show(name)}`;
  if (kind === 'role') return `whoever gets role ${show(name)}`;
  return kind === 'set' ? `any channel of ${show(name)}` : name;
};

const counted = (count: number): string => (count === 1 ? '1 person' : `${count} people`);

/** Who, as the subject of a sentence: `2 people`, `anybody`, `2 people and everybody in GitLab group ops/sre`. */
export const whoAsText = (people: readonly Subject[], show: Show): string => {
  if (people.some(({ kind }) => kind === 'else')) return 'anybody';
  const persons = people.filter(({ kind }) => kind === 'person');
  const others = people.filter(({ kind }) => kind !== 'person').map((one) => unnamed(one, show));
  return [...(persons.length > 0 ? [counted(persons.length)] : []), ...others].join(' and ');
};

/** Where: `in every channel`, `in slack:T1/C2`. */
export const whereAsText = (
  { channels, everywhere }: Pick<Change, 'channels' | 'everywhere'>,
  show: Show,
): string => {
  if (everywhere) return 'in every channel';
  const named = channels.filter(({ kind }) => kind === 'channel').map(({ name }) => name);
  const others = channels.filter(({ kind }) => kind !== 'channel').map((one) => unnamed(one, show));
  return `in ${[...(named.length > 0 ? [listed(named, show)] : []), ...others].join(' and ')}`;
};

const namesOf = ({ people }: Change): readonly string[] =>
  people.filter(({ kind }) => kind === 'person').map(({ name }) => name);

/** `4 people gain lb weight in slack:T1/C2 where weight <= 25` */
export const sentenceOf = (change: Change, show: Show): string => {
  const who = whoAsText(change.people, show);
  const many = /^(?:\d\d|[02-9]|.* and )/.test(who);
  const verb = `${change.direction}${many ? '' : 's'}`;
  const inputs = change.inputs === '' ? '' : ` where ${show(change.inputs)}`;
  return `${who} ${verb} ${show(change.command)} ${whereAsText(change, show)}${inputs}`;
};

/** Who they are; empty where anybody is meant or nobody is known. */
export const namedOf = (change: Change, show: Show): string =>
  change.people.some(({ kind }) => kind === 'else') ? '' : listed(namesOf(change), show);

const ruleText = ({ who, channel, command, condition, effect }: Rule): string =>
  [who, channel, command, condition, effect].join(', ');

const linkText = ({ member, group }: Link): string => `${member} in ${group}`;

/** How rows are told that stand on one side only: at once, or when others have expired. */
const standing = {
  now: { new: 'is new', gone: 'is gone' },
  later: { new: 'stands then', gone: 'no longer stands then' },
} as const;

/** `policy.csv:14 is new: role:dev, …`. `when`: whether the change comes with the policy or when rows expire. */
export const causeOf = (cause: Cause, show: Show, when: keyof typeof standing = 'now'): string => {
  if (cause.kind === 'command')
    return `the command is ${cause.change === 'different' ? 'declared differently' : cause.change}`;
  const row = cause.kind === 'rule' ? cause.rule : cause.link;
  const text = cause.kind === 'rule' ? ruleText(cause.rule) : linkText(cause.link);
  const place = row.file.startsWith('(') ? row.file : `${row.file}:${row.line}`;
  return `${place} ${standing[when][cause.change]}: ${show(text)}`;
};

/** `bo in slack:T1/C2: /chatops lb weight web 26`; undefined when no line could be made up. */
export const witnessAsText = ({ witness }: Change, show: Show): string | undefined => {
  if (witness.line === undefined) return undefined;
  const who = witness.as.kind === 'person' ? show(witness.as.name) : unnamed(witness.as, show);
  const where = witness.in.kind === 'channel' ? show(witness.in.name) : unnamed(witness.in, show);
  return `${who} in ${where}: ${show(`/chatops ${witness.line}`)}`;
};

/** `2 people gain, 1 loses`, in counts of what changes; for a headline. */
export const headlineOf = ({ changes, later = [] }: AccessDiff): string => {
  const count = (direction: Change['direction']): string => {
    const people = changes.filter((one) => one.direction === direction).flatMap((one) => one.people);
    if (people.some(({ kind }) => kind === 'else')) return `anybody ${direction}s something`;
    const persons = new Set(people.filter(({ kind }) => kind === 'person').map(({ name }) => name)).size;
    if (people.length === 0) return '';
    return persons === 0
      ? `members of a group or role ${direction} something`
      : `${counted(persons)} ${direction}${persons === 1 ? 's' : ''} something`;
  };
  const parts = [count('gain'), count('lose')].filter((part) => part !== '');
  const none = `nobody gains or loses anything${later.length === 0 ? '' : ' now, but later'}`;
  return parts.length === 0 ? none : parts.join(', ');
};

/** How sure it is. */
export const certainty = ({ exact, unsure }: AccessDiff, show: Show): string =>
  exact
    ? 'Exact: every person, channel, command and kind of input was compared.'
    : `Sampled for ${listed(unsure, show)}: patterns or very many combinations allow no complete comparison there.`;

/** One subject in a list: `ana (slack:T1/U2)`. */
export const describe = (subject: Subject, show: Show): string => {
  if (subject.kind !== 'person') return unnamed(subject, show);
  return subject.id.endsWith(`:${subject.name}`) || subject.id === subject.name
    ? show(subject.name)
    : `${show(subject.name)} (${show(subject.id)})`;
};

/** `lb weight in slack:T1/C2 where weight <= 25` */
export const rightAsText = (grant: Change, show: Show): string => {
  const inputs = grant.inputs === '' ? '' : ` where ${show(grant.inputs)}`;
  return `${show(grant.command)} ${whereAsText(grant, show)}${inputs}`;
};

/** What is granted, then to whom, a line each. */
export const grantAsText = (grant: Change, show: Show): readonly string[] => [
  `May run ${rightAsText(grant, show)}:`,
  ...grant.people.map((one) => `  ${describe(one, show)}`),
];
