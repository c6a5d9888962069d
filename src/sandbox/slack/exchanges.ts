import type { Exchange } from './types.ts';
import type { Audience } from './workspace.ts';

/** What is told about one exchange; its number is given here. */
export type Told = Omit<Exchange, 'id'>;

/** The last exchanges between this Slack and the app. */
export interface Exchanges {
  record(told: Told, audience: Audience): void;
  list(): readonly Exchange[];
  /** Those whose audience passes `sees`. */
  visible(sees: (audience: Audience) => boolean): readonly Exchange[];
  /** Hears of every new exchange; call the answer to stop. */
  listen(listener: (exchange: Exchange, audience: Audience) => void): () => void;
}

const kept = 200;
const shownLength = 8000;

/** Keeps the last 200 exchanges, with `secrets` and everything that grants access shortened. */
export function createExchanges(secrets: readonly string[]): Exchanges {
  const entries: { exchange: Exchange; audience: Audience }[] = [];
  const listeners = new Set<(exchange: Exchange, audience: Audience) => void>();
  let last = 0;
  return {
    record(told, audience) {
      last += 1;
      const exchange = {
        ...told,
        id: last,
        request: shown(told.request, secrets),
        response: shown(told.response, secrets),
      };
      entries.push({ exchange, audience });
      if (entries.length > kept) entries.shift();
      for (const listener of listeners) listener(exchange, audience);
    },
    list: () => entries.map((each) => each.exchange),
    visible: (sees) => entries.filter((each) => sees(each.audience)).map((each) => each.exchange),
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The first characters of a secret, enough to recognise it. */
export function shorten(secret: string): string {
  return `${secret.slice(0, 9)}…`;
}

function shown(text: string, secrets: readonly string[]): string {
  const without = secrets
    .filter((secret) => secret !== '')
    .reduce((result, secret) => result.replaceAll(secret, shorten(secret)), text)
    .replace(/xox[a-z]-[\w-]+/g, shorten)
    .replace(/(\/(?:commands|actions)\/\w+\/\w+\/)([\w-]{4})[\w-]+/g, '$1$2…');
  return without.length > shownLength ? `${without.slice(0, shownLength)}\n… cut` : without;
}
