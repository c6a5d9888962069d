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

/** Which gates the change runs into, a sentence each. */
export const gatesHit = (gates: readonly Gate[], { changes, unsure }: AccessDiff): readonly string[] =>
  gates.flatMap(({ text, direction, commands }) => {
    const first = changes.find(
      (change) => change.direction === direction && commandMatches(change.command, commands),
    );
    if (first !== undefined) return [`${text}: ${sentenceOf(first, (shown) => shown)}`];
    // What could not be compared wholly may hide just what the gate is there for.
    const blind = unsure.find((command) => commandMatches(command, commands));
    return blind === undefined ? [] : [`${text}: ${blind} could not be compared completely`];
  });
