import { commandMatches, isCommandPattern } from '../command-pattern.ts';
import type { AccessDiff, Change } from './diff.ts';
import { sentenceOf } from './words.ts';

/** What a change may not do: `gain:release`, `lose:lb *`, `gain`. */
export interface Gate {
  readonly text: string;
  readonly direction: Change['direction'];
  readonly commands: string;
}

/** Reads `gain`, `lose`, or either with `:<command pattern>`; undefined for anything else. */
export const readGate = (text: string): Gate | undefined => {
  const [, direction, , commands = '*'] = /^(gain|lose)(:(.*))?$/.exec(text) ?? [];
  if ((direction !== 'gain' && direction !== 'lose') || !isCommandPattern(commands)) return undefined;
  return { text, direction, commands };
};

const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);

/** Which gates the change runs into, now or later, a sentence each. */
export const gatesHit = (
  gates: readonly Gate[],
  { changes, later = [], unsure }: AccessDiff,
): readonly string[] =>
  gates.flatMap(({ text, direction, commands }) => {
    const isHit = (change: Change): boolean =>
      change.direction === direction && commandMatches(change.command, commands);
    const said = (change: Change): string => sentenceOf(change, (shown) => shown);
    const first = changes.find(isHit);
    if (first !== undefined) return [`${text}: ${said(first)}`];
    const next = later.flatMap(({ from, changes: then }) =>
      then.filter(isHit).map((change) => ({ from, change })),
    )[0];
    if (next !== undefined) return [`${text}: from ${dayOf(next.from)} on, ${said(next.change)}`];
    // What could not be compared wholly may hide just what the gate is there for.
    const blind = unsure.find((command) => commandMatches(command, commands));
    return blind === undefined ? [] : [`${text}: ${blind} could not be compared completely`];
  });
