import type { Span } from './shares.ts';

/** Settings as they were asked for, or one sentence for everything that is wrong with them. */
export type Knobs<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string };

/** One object of the settings; what is asked for by name is known, everything else in it is a mistake. Unset is 0. */
export interface Section {
  /** Parts of 1 that exclude one another. */
  shares<Name extends string>(...names: readonly Name[]): Readonly<Record<Name, number>>;
  /** A share among others; null where it is not set. */
  whole(name: string): number | null;
  span(name: string): Span;
  section(name: string): Section;
}

/** Reads a whole body; nothing is taken of one that has a mistake. */
export function readKnobs<T>(body: unknown, read: (top: Section) => T): Knobs<T> {
  const wrong: string[] = [];
  const ends: (() => void)[] = [];
  const value = read(sectionOf(body ?? {}, '', wrong, ends));
  for (const end of ends) end();
  return wrong.length === 0 ? { ok: true, value } : { ok: false, error: `${wrong.join('; ')}.` };
}

function sectionOf(value: unknown, at: string, wrong: string[], ends: (() => void)[]): Section {
  const fields = isRecord(value) ? value : {};
  if (!isRecord(value)) wrong.push(`${at === '' ? 'The body' : at} must be an object`);
  const known = new Set<string>();
  const place = (name: string): string => (at === '' ? name : `${at}.${name}`);
  const take = (name: string): unknown => {
    known.add(name);
    return fields[name];
  };
  const number = (name: string, fits: (value: number) => boolean, what: string): number => {
    const given = take(name) ?? 0;
    if (typeof given === 'number' && fits(given)) return given;
    wrong.push(`${place(name)} must be ${what}`);
    return 0;
  };
  ends.push(() => {
    const odd = Object.keys(fields).filter((name) => !known.has(name));
    for (const name of odd) wrong.push(`${place(name)} is not known here (known: ${[...known].join(', ')})`);
  });
  const share = (name: string): number => number(name, (it) => it >= 0 && it <= 1, 'a share from 0 to 1');
  return {
    shares: (...names) => {
      const shares = record(names, share);
      const sum = Object.values<number>(shares).reduce((total, each) => total + each, 0);
      // Tenths do not add up exactly.
      if (sum > 1 + 1e-9) wrong.push(`${at === '' ? 'The shares' : at} must not add up to more than 1`);
      return shares;
    },
    whole(name) {
      const given = number(name, (it) => Number.isSafeInteger(it) && it >= 0, 'a whole number from 0 on');
      return fields[name] === undefined ? null : given;
    },
    span: (name) => spanOf(take(name) ?? [0, 0], place(name), wrong),
    section: (name) => sectionOf(take(name) ?? {}, place(name), wrong, ends),
  };
}

/** Timers of Node hold no more than this, and nothing here waits longer than ten minutes. */
const longestMs = 600_000;

function spanOf(value: unknown, at: string, wrong: string[]): Span {
  const fits = (it: unknown): it is number => typeof it === 'number' && it >= 0 && it <= longestMs;
  const [from, to, ...more] = Array.isArray(value) ? value : [];
  if (fits(from) && fits(to) && from <= to && more.length === 0) return [from, to];
  wrong.push(`${at} must be [from, to] in milliseconds, from <= to, at most ${longestMs}`);
  return [0, 0];
}

function record<Name extends string>(
  names: readonly Name[],
  read: (name: Name) => number,
): Readonly<Record<Name, number>> {
  const start: Partial<Record<Name, number>> = {};
  for (const name of names) start[name] = read(name);
  return start as Readonly<Record<Name, number>>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
