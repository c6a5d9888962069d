import type { Fetch } from '../../../../src/listeners/audit/sinks/post.ts';

/** One request as it came in. */
export interface Came {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** How to answer: a status with a body, or not at all. */
export type Answer =
  | { readonly status: number; readonly body?: string; readonly retryAfter?: string }
  | 'reset'
  | 'silence';

/** A receiver that keeps what it was sent and answers as it is told to. */
export const createReceiver = (answer: (came: Came) => Answer) => {
  const came: Came[] = [];
  const fetch: Fetch = async (url, { headers, body, signal }) => {
    const one = { url, headers, body };
    came.push(one);
    const said = answer(one);
    if (said === 'reset')
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) });
    if (said === 'silence')
      return new Promise((_, reject) => {
        if (signal.aborted) reject(signal.reason);
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    return new Response(said.body ?? null, {
      status: said.status,
      ...(said.retryAfter === undefined ? {} : { headers: { 'retry-after': said.retryAfter } }),
    });
  };
  return { came, fetch };
};
