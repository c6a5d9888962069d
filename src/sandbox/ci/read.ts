import type { Variable } from './expand.ts';
import { flatten } from './extends.ts';
import { allowOnly } from './keywords.ts';
import { asList, ConfigError, field, isList, isMapping, type Yaml, type YamlMap } from './yaml.ts';

/** Commands of a script: one string or a list of strings, nested lists laid flat. */
export function readScript(place: string, value: Yaml | undefined): readonly string[] {
  return flatten(value).map((line) => {
    if (typeof line === 'string') return line;
    throw new ConfigError(
      `${place} config should be a string or a nested array of strings up to 10 levels deep`,
    );
  });
}

/** A string, or undefined where there is none. */
export function readString(place: string, value: Yaml | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new ConfigError(`${place} config should be a string`);
}

/** A list of strings (one string counts as a list of one), or undefined where there is none. */
export function readStrings(place: string, value: Yaml | undefined): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  return asList(value).map((item) => {
    if (typeof item === 'string') return item;
    throw new ConfigError(`${place} config should be an array of strings`);
  });
}

/** One of some words, or undefined where there is none. */
export function readWord<T extends string>(
  place: string,
  value: Yaml | undefined,
  words: readonly T[],
): T | undefined {
  if (value === undefined || value === null) return undefined;
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new ConfigError(`${place} should be one of: ${words.join(', ')}`);
  return word;
}

/** A mapping, empty where there is none. */
export function readMap(place: string, value: Yaml | undefined): YamlMap {
  if (value === undefined || value === null) return {};
  if (isMapping(value) && !isList(value)) return value;
  throw new ConfigError(`${place} config should be a hash`);
}

/** Variables: plain values, or `{ value, description, options, expand }`. */
export function readVariables(place: string, value: Yaml | undefined): readonly Variable[] {
  return Object.entries(readMap(place, value)).map(([key, item]) => {
    if (!isMapping(item)) return { key, value: readScalar(place, item) };
    allowOnly(`${place}:${key}`, item, ['value', 'description', 'options', 'expand']);
    const raw = field(item, 'expand') === false;
    return { key, value: readScalar(place, field(item, 'value') ?? ''), ...(raw ? { raw } : {}) };
  });
}

function readScalar(place: string, value: Yaml): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new ConfigError(`${place} config should be a hash of key value pairs, value can be a hash`);
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A duration such as `90s`, `1h 30m`, `10 minutes` or plain seconds, in milliseconds. */
export function readDuration(place: string, value: Yaml | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  const text = String(value).toLowerCase();
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g)];
  const left = text.replace(/(\d+(?:\.\d+)?)\s*([a-z]*)/g, '').replace(/[\s,]|and/g, '');
  const seconds = parts.map(([, count, unit]) => Number(count) * (UNITS[unit?.[0] ?? 's'] ?? Number.NaN));
  const total = seconds.reduce((sum, part) => sum + part, 0) * 1000;
  if (left === '' && total > 0) return total;
  throw new ConfigError(`${place} config should be a duration`);
}
