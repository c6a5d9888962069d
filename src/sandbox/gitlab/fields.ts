import { type Fields, isRecord } from './form.ts';
import { badParameter } from './refusal.ts';

/** A text field; absent is undefined, a list or record is refused like GitLab does (`<name> is invalid`). */
export function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw badParameter(`${name} is invalid`);
  return String(value);
}

/** A text field that must be there. */
export function requiredText(fields: Fields, name: string): string {
  const value = text(fields, name);
  if (value === undefined) throw badParameter(`${name} is missing`);
  return value;
}

/** A truth field: true, "true" or "1", and their opposites. */
export function truth(fields: Fields, name: string): boolean | undefined {
  const value = text(fields, name);
  if (value === undefined || value === '') return undefined;
  if (['true', '1'].includes(value)) return true;
  if (['false', '0'].includes(value)) return false;
  throw badParameter(`${name} is invalid`);
}

/** A field that must be one of a few words. */
export function oneOf<W extends string>(fields: Fields, name: string, words: readonly W[]): W | undefined {
  const value = text(fields, name);
  if (value === undefined || value === '') return undefined;
  const word = words.find((one) => one === value);
  if (word === undefined) throw badParameter(`${name} does not have a valid value`);
  return word;
}

/** A list of words; a single word counts as a list of one. */
export function severalOf<W extends string>(
  fields: Fields,
  name: string,
  words: readonly W[],
): readonly W[] | undefined {
  const value = fields[name];
  if (value === undefined || value === '') return undefined;
  const given: readonly unknown[] = Array.isArray(value) ? value : [value];
  return given.map((item) => {
    const word = words.find((one) => one === item);
    if (word === undefined) throw badParameter(`${name} does not have a valid value`);
    return word;
  });
}

/** A moment as Unix milliseconds. */
export function moment(fields: Fields, name: string): number | undefined {
  const value = text(fields, name);
  if (value === undefined || value === '') return undefined;
  const at = Date.parse(value);
  if (Number.isNaN(at)) throw badParameter(`${name} is invalid`);
  return at;
}

/** A record of named values, or undefined when absent. */
export function record(fields: Fields, name: string): Fields | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (!isRecord(value)) throw badParameter(`${name} is invalid`);
  return value;
}

/** A list of records, or undefined when absent. */
export function rows(fields: Fields, name: string): readonly Fields[] | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (!Array.isArray(value)) throw badParameter(`${name} is invalid`);
  const list: readonly unknown[] = value;
  return list.map((row) => {
    if (!isRecord(row)) throw badParameter(`${name} is invalid`);
    return row;
  });
}
