import type { Place } from '../../core/command.ts';
import type { Rule } from '../../core/decision.ts';
import type { Mutation } from '../cases/mutate.ts';
import type { Finding } from '../lint/finding.ts';
import type { About } from './about.ts';
import { endingLines } from './endings.ts';
import { type Fold, fitted, folded, listed } from './layout.ts';
import { linked, short } from './links.ts';
import { quoted } from './quoted.ts';
import type { Review } from './review.ts';

/** How every note of the review begins. Nothing in a note but its first line says this. */
export const noteMarker = '<!-- chatops-policy-review -->';

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** The lines before everything else: whose note it is, of which commits, and how it ends. */
const head = (
  about: About,
  sign: string,
  words: string,
  first: readonly string[] = [],
): readonly string[] => [
  noteMarker,
  `<!-- source ${about.source} target ${about.target} -->`,
  `### ${sign} Policy review: ${words}`,
  '',
  ...first,
  compared(about),
];

const compared = (about: About): string => {
  const { source, target, targetBranch, base } = about;
  const moved =
    base === undefined || base === target
      ? ''
      : ` ${quoted(targetBranch)} has moved on since ${short(base)}, where this branch left it: what changed there meanwhile shows here the other way round. Rebase to see only what merging changes.`;
  return `${short(source)} compared with ${quoted(targetBranch)} at ${short(target)}.${moved}`;
};

const foot =
  '<sub>Computed by the gateway itself from the files at these commits; no CI job has a say in it.</sub>';

const accessSection = ({ access }: Review): readonly string[] => {
  const words = access.kind === 'compared' ? access.markdown : access.because;
  return ['#### What people gain and lose', '', words];
};

const newGroups = ({ newGroups: groups }: Review): readonly string[] =>
  groups.length === 0
    ? []
    : [
        '',
        `⚠️ New here: ${listed(groups.map((group) => quoted(group)))}. Who is in ${groups.length === 1 ? 'it' : 'them'} is not counted above.`,
      ];

const finding = (about: About, { severity, code, text, ...place }: Finding): string =>
  `- ${severity === 'error' ? '❌' : '⚠️'} ${linked(about, place)} ${quoted(code, 40)}: ${quoted(text, 400)}`;

const lintSection = (review: Review, about: About): Fold => {
  const { fresh, before } = review.lint;
  const known =
    before === 0 ? '' : ` ${counted(before, 'finding')} that ${before === 1 ? 'was' : 'were'} there before.`;
  if (fresh.length === 0) return { lines: ['#### Lint', '', `✅ Nothing new.${known}`] };
  const errors = fresh.filter(({ severity }) => severity === 'error').length;
  const sum = [
    ...(errors === 0 ? [] : [counted(errors, 'new error')]),
    ...(errors === fresh.length ? [] : [counted(fresh.length - errors, 'new warning')]),
  ];
  return folded(
    ['#### Lint', '', `${sum.join(' and ')}.${known}`, ''],
    fresh.map((one) => finding(about, one)),
    'More findings',
  );
};

const ruleWords = ({ who, channel, command, condition, effect }: Rule): string =>
  `${effect} ${who} in ${channel}: ${command}${condition === '*' ? '' : ` where ${condition}`}`;

const casesLine = ({ cases, mutants }: Review): string => {
  if (cases === undefined) return 'Not run: the policy has mistakes.';
  const passed = cases.results.filter((one) => one.passed).length;
  const total = cases.results.length;
  const { rules, decided } = cases.coverage;
  const sign = passed === total && cases.mistakes.length === 0 ? (total === 0 ? '⚠️' : '✅') : '❌';
  return `${sign} ${passed}/${total} cases pass · ${decided === rules ? 'every rule decides' : `${decided} of ${counted(rules, 'rule')} decide`} a case${mutationWords(mutants)}`;
};

/** How many were tried in the time there was differs from machine to machine, and so must not stand in the note. */
const mutationWords = (mutants: Mutation | undefined): string => {
  if (mutants === undefined || mutants.mutants === 0) return '';
  const { noticed, equivalent, refused, complete } = mutants;
  if (!complete) return ' · too many rows to try every change of one';
  return ` · ${noticed} of ${counted(mutants.mutants - equivalent - refused, 'change of a row', 'changes of a row')} would be noticed`;
};

/** The link before it says where. */
const withoutPlace = (text: string, { file, line }: Place): string => {
  const place = `${file}:${line} `;
  return text.startsWith(place) ? text.slice(place.length) : text;
};

const casesSection = (review: Review, about: About): readonly Fold[] => {
  const { cases, mutants } = review;
  const mistakes = (cases?.mistakes ?? []).map(
    ({ text, ...place }) => `- ❌ ${linked(about, place)} ${quoted(text, 400)}`,
  );
  const failed = (cases?.results ?? [])
    .filter(({ passed }) => !passed)
    .map(
      ({ name, expected, got, ...place }) =>
        `- ❌ ${linked(about, place)} ${quoted(name)}: expected ${quoted(expected, 200)}, got ${quoted(got, 300)}`,
    );
  const undecided = (cases?.coverage.undecided ?? []).map(
    (rule) => `- ${linked(about, rule)} ${quoted(ruleWords(rule), 300)}`,
  );
  const survivors = (mutants?.complete ? mutants.survivors : []).map(
    ({ text, ...place }) => `- ${linked(about, place)} ${quoted(withoutPlace(text, place), 300)}`,
  );
  return [
    folded(['#### Cases', '', casesLine(review), ''], [...mistakes, ...failed], 'More cases that fail'),
    folded([], undecided, 'Rules that decide no case', 0),
    folded([], survivors, 'Changes that no case would notice', 0),
  ];
};

const replaySection = ({ replay }: Review): readonly string[] =>
  replay === undefined ? [] : ['#### Replay', '', `⚖️ ${replay}`];

/** That the checks pass is not that the change is right: that is for people to say. */
const passing = ({ cases }: Review): string =>
  (cases?.results.length ?? 0) === 0 ? 'lint passes, there are no cases' : 'lint and cases pass';

/** The review as the one comment of a merge request, in GitLab's Markdown, well below GitLab's limits. */
export const reviewAsMarkdown = (review: Review, about: About): string => {
  const { verdict } = review;
  const words = verdict.ok ? passing(review) : 'not ready to merge';
  const first = verdict.ok ? [] : [`**First to mend:** ${quoted(verdict.because, 300)}`, ''];
  const commands: Fold =
    review.commands.length === 0
      ? { lines: [] }
      : folded(['#### What commands do differently', ''], review.commands, 'More changes');
  const endings: Fold =
    review.endings.length === 0
      ? { lines: [] }
      : folded(['#### What ends on another day', ''], endingLines(review.endings, about), 'More rows');
  return fitted(
    [
      { lines: head(about, verdict.ok ? '✅' : '❌', words, first) },
      { lines: [...accessSection(review), ...newGroups(review)] },
      endings,
      commands,
      lintSection(review, about),
      ...casesSection(review, about),
      { lines: replaySection(review) },
    ],
    foot,
  );
};

/** The note of a review that was ended before its end. */
export const unfinishedNote = (about: About, why: string): string =>
  fitted(
    [
      { lines: head(about, '❌', 'could not be finished') },
      {
        lines: [
          `The policy files of ${short(about.source)} were looked at, but ${quoted(why, 300)}.`,
          'Files that cannot be looked at are not put in force either. It is tried again with the next commit.',
        ],
      },
    ],
    foot,
  );

/** The note of a merge request that no longer changes the policy. */
export const unrelatedNote = (about: About): string =>
  fitted(
    [
      { lines: head(about, '✅', 'the policy stays the same') },
      {
        lines: [
          `Nothing in ${quoted(about.folder === '' ? about.project : `${about.folder}/`)} changes what anybody may do.`,
        ],
      },
    ],
    foot,
  );
