import type { Command } from '../command.ts';
import type { Decision, Missing, NearMiss } from '../decision.ts';
import type { Problem } from '../read-input.ts';
import type { Line, Part, Reply, Span } from '../reply.ts';
import { code, line, lines, plain, strong } from './spans.ts';
import { typedAs } from './typing.ts';

/** Terminal columns of a character: East Asian wide ones and emoji take two, so that the caret stands under its word. */
const columns = (text: string): number =>
  [...text].reduce(
    (sum, char) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(
        char,
      )
        ? 2
        : 1),
    0,
  );

/** The typed line with carets under the spot. */
export const withCaret = (problem: Pick<Problem, 'line' | 'start' | 'end'>): string => {
  const before = columns(typedAs + problem.line.slice(0, problem.start).padEnd(problem.start, ' '));
  const under = Math.max(1, columns(problem.line.slice(problem.start, problem.end)));
  return `${typedAs}${problem.line}\n${' '.repeat(before)}${'^'.repeat(under)}`;
};

/** How a command is typed: `lb weight <backend> <weight> [--env=staging]`. */
export const usage = (command: Command): string =>
  [
    command.name,
    ...command.inputs.map((spec) =>
      spec.required ? `<${spec.name}>` : `[--${spec.name}=${spec.default ?? '…'}]`,
    ),
  ].join(' ');

const privately = (tone: Reply['tone'], title: Line, parts: readonly Part[]): Reply => ({
  tone,
  title,
  parts,
  audience: 'caller',
  final: true,
});

/** What was typed could not be read: the line, the spot, what is wrong, what was perhaps meant. */
export const problemReply = (problem: Problem): Reply => {
  const hints: Line[] = [];
  if (problem.suggestions.length > 0) {
    hints.push(
      line(
        'Did you mean ',
        ...problem.suggestions.flatMap((word, at) => (at === 0 ? [code(word)] : [' or ', code(word)])),
        '?',
      ),
    );
  }
  if (problem.command !== undefined) hints.push(line('Usage: ', code(`${typedAs}${usage(problem.command)}`)));
  else hints.push(line('See ', code(`${typedAs}help`), ' for what you can run here.'));
  return privately('note', line(strong('Not understood:'), ` ${problem.message}. Nothing was done.`), [
    { part: 'code', text: withCaret(problem) },
    lines(...hints),
  ]);
};

const isId = /^[a-z]+:[^\s/,]+\/[^\s,]+$/;

/** Words that may name channels by their ids, as spans: people know a channel by its name, which the chat app fills in. */
const withChannels = (words: string): readonly Span[] =>
  words
    .split(/([a-z]+:[^\s/,]+\/[^\s,]+)/)
    .filter((piece) => piece !== '')
    .map((piece) => (isId.test(piece) ? { channel: piece, name: piece } : plain(piece)));

const need = ({ kind, need: words, given }: Missing): readonly Span[] =>
  kind === 'channel'
    ? [plain('in '), ...withChannels(words)]
    : [plain(`with ${words}${given === undefined ? '' : ` (${given})`}`)];

/** Who could be asked for what is missing: `: ask ana, carol`. Names may look like ids of an app, which are kept as text. */
const asking = (missing: readonly Missing[]): string => {
  const holders = missing.flatMap((one) => one.holders ?? []);
  return holders.length === 0 ? '' : `: ask ${holders.join(', ')}`;
};

const remedy = (near: NearMiss): Line => {
  // A role comes last, beside those who can be asked about it.
  const inOrder = near.missing.toSorted((a, b) => Number(a.kind === 'role') - Number(b.kind === 'role'));
  const needs = inOrder.flatMap((missing, at) =>
    at === 0 ? need(missing) : [plain(' and '), ...need(missing)],
  );
  return line('It would be allowed ', ...needs, `${asking(near.missing)}.`);
};

const because = (decision: Extract<Decision, { allowed: false }>, command: string): Line => {
  if (decision.rule !== undefined) {
    const { file, line: at, condition } = decision.rule;
    const when = condition === '*' ? '' : ` when ${condition}`;
    return line('A rule forbids ', code(decision.rule.command), when, ` (${file}:${at}).`);
  }
  return line('No rule allows you ', code(command), ' here.');
};

/** Not allowed: why, and what would be. For the caller's eyes only. */
export const deniedReply = (
  typed: string,
  command: string,
  decision: Extract<Decision, { allowed: false }>,
): Reply =>
  privately('refused', line(strong('Not allowed: '), code(typed)), [
    lines(because(decision, command), ...decision.near.slice(0, 2).map(remedy)),
    { part: 'footer', line: line('Nothing was done · policy ', decision.revision) },
  ]);

/** The caller used the command too often. */
export const tooOftenReply = (command: Command): Reply => {
  const limit = command.limits.perCaller;
  const often = limit === undefined ? '' : ` ${limit.count} times in ${Math.round(limit.perMs / 1000)} s`;
  return privately(
    'refused',
    line(strong('Too often: '), code(command.name), ` may be run${often} by one person.`),
    [lines(line('Nothing was done. Try again in a little while.'))],
  );
};

/** A run id that leads nowhere, or to a run that the caller may not see. */
export const noSuchRunReply = (id: string): Reply =>
  privately('note', line('There is no run ', code(id.slice(0, 40)), ' that you can see here.'), [
    lines(line('See ', code(`${typedAs}runs`), ' for the runs of this channel.')),
  ]);

/** A sentence to the caller. */
export const noteReply = (title: Line, ...more: readonly Line[]): Reply =>
  privately('note', title, more.length === 0 ? [] : [lines(...more)]);
