import { createContext } from 'preact';
import type { State } from '../slack/types.ts';
import type { Clock } from './text/dates.ts';

/** Whom and what the page can name while it draws text. */
export interface Known {
  readonly state: State | undefined;
  readonly clock: Clock;
}

/** The names and the clock for everything drawn below. */
export const KnownHere = createContext<Known>({ state: undefined, clock: { now: 0, locale: 'en' } });

/** The locale if the browser knows such a thing, else English. */
export function safeLocale(locale: string | undefined): string {
  try {
    return Intl.getCanonicalLocales(locale ?? 'en')[0] ?? 'en';
  } catch {
    return 'en';
  }
}
