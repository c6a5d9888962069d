import { inOneLine, quoted } from '../review/quoted.ts';
import type { AccessDiff, Change } from './diff.ts';
import type { Replay } from './replay.ts';
import { causeOf, certainty, headlineOf, namedOf, type Show, sentenceOf, witnessAsText } from './words.ts';

/** A terminal must not be steered by what stands in a policy. */
const asItIs: Show = (text) => inOneLine(text, longest);
/** Characters of a policy's text that are shown as one piece. */
const longest = 400;
const asCode: Show = (text) => quoted(text, longest);

const signs = { gain: '+', lose: '-' } as const;

const dangerOf = ({ danger }: Change, before: string, after = ''): string =>
  danger === 'none' ? '' : `${before}${danger}${after}`;

type When = 'now' | 'later';

const changeAsText = (change: Change, when: When): string => {
  const names = namedOf(change, asItIs);
  const example = witnessAsText(change, asItIs);
  return [
    `${signs[change.direction]} ${sentenceOf(change, asItIs)}${names === '' ? '' : `: ${names}`}${dangerOf(change, ' (danger ', ')')}`,
    ...change.causes.map((cause) => `    ${causeOf(cause, asItIs, when)}`),
    ...(example === undefined ? [] : [`    for example ${example}`]),
  ].join('\n');
};

const most = 200;

const beyond = (count: number, shown: number): readonly string[] =>
  count > shown ? [`and ${count - shown} more changes`] : [];

const replayAsText = ({ decisions, changed }: Replay, days: number): readonly string[] => [
  `Replay: ${decisions} decisions of ${days} days, ${changed.length} would be different now`,
  ...changed
    .slice(0, 50)
    .map(
      ({ at, line, who, where, now }) =>
        `    ${at} ${now ? 'now allowed' : 'now denied'}: ${asItIs(who)} in ${asItIs(where)}: ${asItIs(line)}`,
    ),
];

/** What a comparison is told with. */
export interface Told {
  readonly diff: AccessDiff;
  readonly replay?: { readonly replay: Replay; readonly days: number };
  /** What commands do differently, in Markdown, a line each. */
  readonly commands?: readonly string[];
}

const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);

const laterAsText = ({ later = [] }: AccessDiff): readonly string[] =>
  later.flatMap(({ from, changes }) => [
    `From ${dayOf(from)} on, when rows have expired:`,
    ...changes.slice(0, most).map((change) => changeAsText(change, 'later')),
    ...beyond(changes.length, most),
  ]);

/** For a terminal. */
export const diffAsText = ({ diff, replay, commands = [] }: Told): string =>
  `${[
    `${headlineOf(diff)}.`,
    ...diff.changes.slice(0, most).map((change) => changeAsText(change, 'now')),
    ...beyond(diff.changes.length, most),
    ...laterAsText(diff),
    ...(commands.length === 0 ? [] : ['What commands do differently:', ...commands]),
    certainty(diff, asItIs),
    ...(replay === undefined ? [] : replayAsText(replay.replay, replay.days)),
  ].join('\n')}\n`;

const marks = { gain: '➕', lose: '➖' } as const;

const changeAsMarkdown = (change: Change, when: When): string => {
  const names = namedOf(change, asCode);
  const example = witnessAsText(change, asCode);
  return [
    `- ${marks[change.direction]} **${sentenceOf(change, asCode)}**${names === '' ? '' : ` — ${names}`}${dangerOf(change, ' ⚠️ danger ')}`,
    ...change.causes.map((cause) => `  - ${causeOf(cause, asCode, when)}`),
    ...(example === undefined ? [] : [`  - for example ${example}`]),
  ].join('\n');
};

const mostInMarkdown = 20;

const folded = (changes: readonly Change[]): readonly string[] =>
  changes.length === 0
    ? []
    : [
        '',
        `<details><summary>${changes.length} more</summary>`,
        '',
        ...changes.map((change) => changeAsMarkdown(change, 'now')),
        '',
        '</details>',
      ];

const replayAsMarkdown = ({ decisions, changed }: Replay, days: number): readonly string[] => [
  '',
  `⚖️ Replay: ${decisions} decisions of ${days} days, ${changed.length} would be different now.`,
  ...changed
    .slice(0, mostInMarkdown)
    .map(
      ({ line, who, where, now }) =>
        `- ${now ? 'now allowed' : 'now denied'}: ${asCode(who)} in ${asCode(where)}: ${asCode(line)}`,
    ),
];

const laterAsMarkdown = ({ later = [] }: AccessDiff): readonly string[] =>
  later.flatMap(({ from, changes }) => [
    '',
    `⏳ From ${dayOf(from)} on, when rows have expired:`,
    '',
    ...changes.slice(0, mostInMarkdown).map((change) => changeAsMarkdown(change, 'later')),
    ...beyond(changes.length, mostInMarkdown),
  ]);

/** As a section of a note; whatever stands in the policy is shown as code. */
export const diffAsMarkdown = ({ diff, replay, commands = [] }: Told): string =>
  [
    ...(diff.changes.length === 0 ? [`N${headlineOf(diff).slice(1)}.`] : []),
    ...diff.changes.slice(0, mostInMarkdown).map((change) => changeAsMarkdown(change, 'now')),
    ...folded(diff.changes.slice(mostInMarkdown, most)),
    ...beyond(diff.changes.length, most),
    ...laterAsMarkdown(diff),
    ...(commands.length === 0 ? [] : ['', '🔧 What commands do differently:', '', ...commands]),
    '',
    certainty(diff, asCode),
    ...(replay === undefined ? [] : replayAsMarkdown(replay.replay, replay.days)),
  ].join('\n');

/** As data: the names of the fields stay. */
export const diffAsJson = ({ diff, replay, commands = [] }: Told, hit: readonly string[]): string => {
  const told = { ...diff, commands, ...(replay === undefined ? {} : { replay }), gates: hit };
  return `${JSON.stringify(told, undefined, 2)}\n`;
};
