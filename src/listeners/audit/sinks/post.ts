import type { Sent } from './sink.ts';

/** As much of `fetch` as is used here. */
export type Fetch = (
  url: string,
  init: {
    readonly method: 'POST';
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

/** What a receiver answered, or why there is no answer. */
export type Posted =
  | { readonly answered: true; readonly status: number; readonly text: string; readonly notWithinMs?: number }
  | { readonly answered: false; readonly problem: string };

/** Whom to post to. */
export interface PostTo {
  readonly fetch: Fetch;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

const withinMs = 15_000;

/** https://www.rfc-editor.org/rfc/rfc9110#name-retry-after; the form of a date is not taken. */
const waitOf = (value: string | null): { notWithinMs?: number } =>
  value !== null && /^\d{1,5}$/.test(value) ? { notWithinMs: Number(value) * 1000 } : {};

const causeOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.name : 'unknown';
};

/** Ends with the outer signal, or by itself when the time is over. */
const limited = (outer: AbortSignal) => {
  const inner = new AbortController();
  const end = (): void => inner.abort();
  const timer = setTimeout(end, withinMs);
  if (outer.aborted) end();
  outer.addEventListener('abort', end, { once: true });
  const done = (): void => {
    clearTimeout(timer);
    outer.removeEventListener('abort', end);
  };
  return { signal: inner.signal, done };
};

/** Posts once, without following a redirect. No word of the address but its host is in a problem. */
export const post = async ({ fetch, url, headers, body, signal: outer }: PostTo): Promise<Posted> => {
  const { signal, done } = limited(outer);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal,
      headers: { ...headers },
    });
    const text = await answer.text();
    return { answered: true, status: answer.status, text, ...waitOf(answer.headers.get('retry-after')) };
  } catch (error) {
    return { answered: false, problem: `${new URL(url).host} cannot be reached (${causeOf(error)})` };
  } finally {
    done();
  }
};

/** A refusal of everything that was posted. */
export const refused = (url: string, posted: Posted): Sent => {
  if (!posted.answered) return { sent: false, problem: posted.problem };
  const { status, notWithinMs } = posted;
  const problem = `${new URL(url).host} answers ${status}`;
  const wait = notWithinMs === undefined ? {} : { notWithinMs };
  return { sent: false, problem, tooLarge: status === 413, ...wait };
};
