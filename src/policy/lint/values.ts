import type { Command, Place } from '../../core/command.ts';
import type { InputSpec } from '../../core/input.ts';
import type { Annotations } from '../annotations.ts';
import { comparisonsOf } from '../condition/ast.ts';
import { holdsUnseen } from '../csv.ts';
import { shown } from '../hints.ts';
import type { PolicyParts } from '../policy.ts';
import type { Report } from './finding.ts';
import { lookAlikeIn } from './look-alikes.ts';

const hasBlanks = (text: string): boolean => text !== text.trim();

const reportBlanks = (place: Place, what: string, text: string | undefined, report: Report): void => {
  if (text !== undefined && hasBlanks(text))
    report(place, 'blank-at-end', `${what} ${shown(text)} begins or ends with a blank; remove it`);
};

const textsOf = (spec: InputSpec): readonly string[] =>
  spec.type === 'string'
    ? [...(spec.options ?? []), ...(spec.default === undefined ? [] : [spec.default])]
    : [];

/** YAML can write a character as its code, which is then not seen in the line: `we\u0431`. */
const readCoded = (place: Place, text: string, source: string, report: Report): void => {
  if (source.includes(text)) return;
  if (lookAlikeIn(text, 'word') !== undefined)
    report(place, 'homoglyph', `${shown(text)} holds letters that look like others; type it anew`);
  if (holdsUnseen(text))
    report(place, 'hidden-character', `${shown(text)} holds an invisible or special character; remove it`);
};

const readCommand = ({ inputs, place }: Command, source: string, report: Report): void => {
  for (const spec of inputs)
    for (const text of new Set(textsOf(spec))) {
      reportBlanks(place, `an option or default of ${spec.name},`, text, report);
      readCoded(place, text, source, report);
    }
};

const textsIn = ({ conditions }: PolicyParts, condition: string): readonly string[] => {
  const known = conditions.get(condition);
  if (known === undefined || !condition.includes('"')) return [];
  return comparisonsOf(known.condition).flatMap((one) => {
    if (one.kind === 'matches') return [];
    const values = one.kind === 'in' ? one.values : [one.value];
    return values.filter((value) => typeof value === 'string');
  });
};

/** Blanks and look-alikes in the values that are compared, which may be quoted or coded. */
export const lintValues = (parts: PolicyParts, files: ReadonlyMap<string, string>, report: Report): void => {
  for (const command of parts.commands) readCommand(command, files.get(command.place.file) ?? '', report);
  for (const rule of parts.rules) {
    reportBlanks(rule, 'the condition', rule.condition, report);
    for (const text of textsIn(parts, rule.condition)) reportBlanks(rule, 'the value', text, report);
  }
  const rows: readonly (Place & Annotations)[] = [
    ...parts.rules,
    ...parts.links.people,
    ...parts.links.channels,
  ];
  for (const row of rows) reportBlanks(row, 'the reason', row.reason, report);
};
