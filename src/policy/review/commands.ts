import type { Command } from '../../core/command.ts';
import { quoted } from './quoted.ts';

/** What a command does, by subject: each text as a reader would compare it. The pattern of an input is a function and stands for itself. */
const traitsOf = (command: Command): ReadonlyMap<string, string> => {
  const { mode, danger, audience, pipeline, direct, inputs, limits } = command;
  const traits = new Map([
    ['mode', mode],
    ['danger', danger],
    ['who sees the result', audience],
    ['limits', JSON.stringify(limits)],
  ]);
  if (pipeline !== undefined) {
    const { project, ref, pass, variables } = pipeline;
    traits.set('pipeline', `${project}@${ref}, by ${pass}`);
    if (Object.keys(variables).length > 0) traits.set('variables', JSON.stringify(variables));
  }
  if (direct !== undefined) traits.set('what it calls', JSON.stringify(direct));
  for (const { name, ...spec } of inputs) traits.set(`input ${name}`, JSON.stringify(spec));
  traits.set('order of inputs', inputs.map(({ name }) => name).join(' '));
  return traits;
};

const mostShown = 160;
const leadIn = 30;

/** Both texts from shortly before they begin to differ. */
const fromDifference = (one: string, other: string): readonly [string, string] => {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  const from = same < mostShown / 2 ? 0 : same - leadIn;
  const part = (text: string): string => quoted(from === 0 ? text : `…${text.slice(from)}`, mostShown);
  return [part(one), part(other)];
};

const changesOf = (before: Command, after: Command): readonly string[] => {
  const was = traitsOf(before);
  const is = traitsOf(after);
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((subject) => {
    const [one, other] = [was.get(subject), is.get(subject)];
    if (one === other) return [];
    const change =
      one === undefined
        ? `new, ${quoted(other ?? '', mostShown)}`
        : other === undefined
          ? `gone, was ${quoted(one, mostShown)}`
          : fromDifference(one, other).join(' → ');
    return [`- ${quoted(after.name, 80)}, ${quoted(subject, 60)}: ${change}`];
  });
};

const introduced = (command: Command): string => {
  const { name, mode, danger, pipeline } = command;
  const where =
    pipeline === undefined ? '' : `, pipeline ${quoted(`${pipeline.project}@${pipeline.ref}`, 120)}`;
  return `- ${quoted(name, 80)} is new: mode ${mode}, danger ${danger}${where}`;
};

/** What commands do differently, one line of Markdown each; how they are described does not count. */
export const commandChanges = (before: readonly Command[], after: readonly Command[]): readonly string[] => {
  const old = new Map(before.map((command) => [command.name, command]));
  const names = new Set(after.map(({ name }) => name));
  return [
    ...after.flatMap((command) => {
      const known = old.get(command.name);
      return known === undefined ? [introduced(command)] : changesOf(known, command);
    }),
    ...before.filter(({ name }) => !names.has(name)).map(({ name }) => `- ${quoted(name, 80)} is gone`),
  ];
};
