import type { Input, InputValue } from '../../../src/core/input.ts';
import type { Change } from '../../../src/policy/access/diff.ts';
import type { Region } from '../../../src/policy/access/region.ts';
import { compileCondition } from '../../../src/policy/condition/compile.ts';
import { readCondition } from '../../../src/policy/condition/parse.ts';
import { compilePattern } from '../../../src/policy/pattern.ts';

/** One input value as the reader of a report sees it: whether the older and the newer declaration take it. */
export type Taken = Readonly<Record<'before' | 'after', boolean>>;

const matches = (pattern: string, text: string): boolean => {
  const compiled = compilePattern(pattern);
  return compiled.ok && compiled.matches(text);
};

/** Whether a region of a change holds the value. */
export const holds = (region: Region, value: InputValue | undefined, taken: Taken): boolean => {
  if (region.kind === 'absent') return value === undefined;
  if (region.kind === 'one') return value === region.value;
  if (region.kind === 'other')
    return (
      typeof value === 'string' &&
      !region.not.includes(value) &&
      region.taken.before === taken.before &&
      region.taken.after === taken.after &&
      region.looks.every((look) => matches(look.pattern, value) === look.matches)
    );
  const { from, to, whole } = region;
  return (
    typeof value === 'number' &&
    (whole === undefined || Number.isInteger(value) === whole) &&
    (from === undefined || (from.open ? value > from.at : value >= from.at)) &&
    (to === undefined || (to.open ? value < to.at : value <= to.at))
  );
};

/** Whether the boxes of a change hold the input. */
export const holdsIn = (
  boxes: Change['boxes'],
  input: Input,
  takenOf: (name: string, value: InputValue | undefined) => Taken,
): boolean =>
  boxes.some((box) =>
    Object.entries(box).every(([name, regions]) =>
      regions.some((region) => holds(region, input[name], takenOf(name, input[name]))),
    ),
  );

/** What the words add to the language of conditions, said in that language by further inputs. */
const spelled = (words: string): string =>
  words
    .replace(/(\w+) that (?:was taken before|is still taken)/g, '$1_both = true and $1_given = true')
    .replace(
      /(\w+) that (?:was not taken before|is not taken any more)/g,
      '$1_both = false and $1_given = true',
    )
    .replace(/any (\w+)/g, '$1_given = true')
    .replace(/(\w+) not in \(/g, 'not $1 in (')
    .replace(/without (\w+)/g, '$1_given = false')
    .replace(/(\w+) (\S+) (\S+) that is (not )?whole/g, (_, name, sign, value, not) => {
      const first = name.endsWith('_given') ? `${name} = true` : `${name} ${sign} ${value}`;
      return `${first} and ${name.replace('_given', '')}_whole = ${not === undefined}`;
    });

/** Whether the words of a change are true of the input: read as a condition, which most of them are. */
export const isSaidOf = (
  words: string,
  input: Input,
  names: readonly string[],
  takenOf: (name: string, value: InputValue | undefined) => Taken,
): boolean => {
  if (words === '') return true;
  const read = readCondition(spelled(words));
  if (!read.ok) throw new Error(`${words}: ${spelled(words)}: ${read.problem}`);
  const further = names.flatMap((name) => {
    const value = input[name];
    const taken = takenOf(name, value);
    return [
      [`${name}_given`, value !== undefined],
      [`${name}_whole`, typeof value === 'number' && Number.isInteger(value)],
      [`${name}_both`, taken.before && taken.after],
    ];
  });
  return compileCondition(read.condition)({ ...input, ...Object.fromEntries(further) }) === true;
};
