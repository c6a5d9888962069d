import { quoted } from '../review/quoted.ts';
import type { AccessDiff, Change } from './diff.ts';
import type { Replay } from './replay.ts';
import { causeOf, certainty, headlineOf, namedOf, type Show, sentenceOf, witnessAsText } from './words.ts';

const asItIs: Show = (text) => text;
const asCode: Show = (text) => quoted(text);

const signs = { gain: '+', lose: '-' } as const;

const changeAsText = (change: Change): string => {
  const names = namedOf(change, asItIs);
  const example = witnessAsText(change, asItIs);
  return [
    `${signs[change.direction]} ${sentenceOf(change, asItIs)}${names === '' ? '' : `: ${names}`}`,
    ...change.causes.map((cause) => `    ${causeOf(cause, asItIs)}`),
    ...(example === undefined ? [] : [`    for example ${example}`]),
  ].join('\n');
};

const most = 200;

const beyond = ({ changes }: AccessDiff, shown: number): readonly string[] =>
  changes.length > shown ? [`and ${changes.length - shown} more changes`] : [];

const replayAsText = ({ decisions, changed }: Replay, days: number): readonly string[] => [
  `Replay: ${decisions} decisions of ${days} days, ${changed.length} would be different now`,
  ...changed
    .slice(0, 50)
    .map(
      ({ at, line, who, where, now }) =>
        `    ${at} ${now ? 'now allowed' : 'now denied'}: ${who} in ${where}: ${line}`,
    ),
];

/** What a comparison is told with. */
export interface Told {
  readonly diff: AccessDiff;
  readonly replay?: { readonly replay: Replay; readonly days: number };
}

/** For a terminal. */
export const diffAsText = ({ diff, replay }: Told): string =>
  `${[
    `${headlineOf(diff)}.`,
    ...diff.changes.slice(0, most).map(changeAsText),
    ...beyond(diff, most),
    certainty(diff, asItIs),
    ...(replay === undefined ? [] : replayAsText(replay.replay, replay.days)),
  ].join('\n')}\n`;

const marks = { gain: '➕', lose: '➖' } as const;
const dangerMark = ({ danger }: Change): string => (danger === 'none' ? '' : ` ⚠️ danger ${danger}`);

const changeAsMarkdown = (change: Change): string => {
  const names = namedOf(change, asCode);
  const example = witnessAsText(change, asCode);
  return [
    `- ${marks[change.direction]} **${sentenceOf(change, asCode)}**${names === '' ? '' : ` — ${names}`}${dangerMark(change)}`,
    ...change.causes.map((cause) => `  - ${causeOf(cause, asCode)}`),
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
        ...changes.map(changeAsMarkdown),
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

/** As a section of a note; whatever stands in the policy is shown as code. */
export const diffAsMarkdown = ({ diff, replay }: Told): string =>
  [
    ...(diff.changes.length === 0 ? ['Nobody gains or loses anything.'] : []),
    ...diff.changes.slice(0, mostInMarkdown).map(changeAsMarkdown),
    ...folded(diff.changes.slice(mostInMarkdown, most)),
    ...beyond(diff, most),
    '',
    certainty(diff, asCode),
    ...(replay === undefined ? [] : replayAsMarkdown(replay.replay, replay.days)),
  ].join('\n');

/** As data: the names of the fields stay. */
export const diffAsJson = ({ diff, replay }: Told, hit: readonly string[]): string =>
  `${JSON.stringify({ ...diff, ...(replay === undefined ? {} : { replay }), gates: hit }, undefined, 2)}\n`;
