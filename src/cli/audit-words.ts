import type { ReadLine } from '../listeners/audit/line.ts';

type Told = Readonly<Record<string, unknown>>;

/** What an entry is called, and what it says. */
type Words = readonly [name: string, text: string];

/** What people typed is not trusted: nothing of it may steer the terminal or turn its direction of writing. */
const steering = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.replace(steering, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
};

const who = ({ account, person, channel }: Told): string =>
  `${shown(account)}${typeof person === 'string' ? ` (${shown(person)})` : ''} in ${shown(channel)}`;

const why = (reason: unknown): string =>
  reason === null || reason === undefined ? '' : ` (${shown(reason)})`;

const ruleOf = ({ rule, allowed }: Told): string => {
  if (typeof rule !== 'object' || rule === null) return allowed === true ? 'by no rule' : 'no rule allows it';
  const { file, line } = rule as Told;
  return `rule ${shown(file)}:${shown(line)}`;
};

const purposes: Readonly<Record<string, string>> = {
  run: '',
  'can-i': 'asking about ',
  cancel: 'canceling ',
  resolve: 'resolving ',
};

const decision = (told: Told): Words => {
  const purpose = purposes[shown(told.purpose)] ?? `${shown(told.purpose)} `;
  const run = told.run === null ? '' : `, run ${shown(told.run)}`;
  const what = `${who(told)}: ${purpose}${shown(told.line)} (${ruleOf(told)}${run})`;
  return [told.allowed === true ? 'allowed' : 'denied', what];
};

const countsOf = (counts: unknown): string =>
  Object.entries(typeof counts === 'object' && counts !== null ? counts : {})
    .map(([code, count]) => `${shown(count)} ${shown(code)}`)
    .join(', ');

const mistakesOf = (mistakes: unknown): string =>
  Array.isArray(mistakes) && mistakes.length > 0 ? `: ${mistakes.map(shown).join('; ')}` : '';

const words: Readonly<Record<string, (told: Told) => Words>> = {
  decision,
  refused: (told) => [
    'refused',
    `${who(told)}${told.command === null ? '' : `: ${shown(told.command)}`}${why(told.because)}`,
  ],
  request: (told) => ['asked', `${who(told)}: ${shown(told.command)}`],
  cancel: (told) => ['cancel', `${who(told)}: run ${shown(told.run)}`],
  resolved: (told) => ['resolved', `${who(told)}: run ${shown(told.run)} as ${shown(told.as)}`],
  restored: ({ run }) => ['restored', `run ${shown(run)}: the store had forgotten it`],
  store: ({ generation }) => ['store', `began anew, generation ${shown(generation)}`],
  gateway: ({ outcome, version, config }) => [
    'gateway',
    `${shown(outcome)}, version ${shown(version)}, config ${shown(config)}`,
  ],
  rejected: ({ counts }) => ['rejected', countsOf(counts)],
  state: ({ run, from, to, because: reason }) => [
    'state',
    `run ${shown(run)}: ${shown(from)} -> ${shown(to)}${why(reason)}`,
  ],
  intent: ({ run, attempt }) => [
    'intent',
    `run ${shown(run)}: about to start its pipeline, try ${shown(attempt)}`,
  ],
  pipeline: ({ run, project, pipeline }) => [
    'pipeline',
    `run ${shown(run)}: ${shown(project)} #${shown(pipeline)}`,
  ],
  reply: ({ run, outcome, problem }) => ['reply', `run ${shown(run)}: ${shown(outcome)}${why(problem)}`],
  policy: ({ outcome, revision, mistakes }) => [
    'policy',
    `${shown(outcome)}${revision === null ? '' : ` ${shown(revision)}`}${mistakesOf(mistakes)}`,
  ],
  gap: ({ refused, missing }) => [
    'gap',
    `the audit could not be written: ${shown(refused)} refused, ${shown(missing)} missing`,
  ],
};

/** One line for a person: when (UTC), what kind, who, where, what, why. A kind that is not known here is shown as it is. */
export const readable = ({ at, kind, told }: ReadLine): string => {
  const tell = Object.hasOwn(words, kind) ? words[kind] : undefined;
  const [name, text] = tell?.(told) ?? [shown(kind), shown(told)];
  const time = new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
  return `${time}  ${name.padEnd(8)}  ${text}`;
};
