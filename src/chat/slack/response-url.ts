import { answerToFailure, neverLeft, type SlackAnswer } from './answer.ts';
import { patience } from './client.ts';
import type { SlackMessage } from './render.ts';

/** The part of the standard `fetch` that is needed here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Posts a new message to a response_url, once: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
export function postToResponseUrl(fetch: Fetch, url: string, message: SlackMessage): Promise<SlackAnswer> {
  const { text, blocks, response_type } = message;
  const body = { text, response_type, replace_original: false, ...(blocks.length > 0 ? { blocks } : {}) };
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(patience),
  })
    .then(answerOf)
    .catch(
      (thrown: unknown): SlackAnswer =>
        neverLeft(thrown)
          ? { answer: 'later', afterMs: 2000, because: 'the response_url cannot be reached' }
          : { answer: 'unknown', because: 'the response_url did not answer in time' },
    );
}

async function answerOf(response: Response): Promise<SlackAnswer> {
  const text = (await response.text()).slice(0, 1000);
  if (response.ok) return { answer: 'ok' };
  if (response.status === 429) {
    const seconds = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
    const afterMs = Number.isNaN(seconds) ? 30_000 : seconds * 1000;
    return { answer: 'later', afterMs, because: 'Slack asks to slow down' };
  }
  if (response.status >= 500) {
    return answerToFailure(response.status, response.headers.get('retry-after'), 'the response_url');
  }
  const word =
    /\b(?:invalid_blocks(?:_format)?|msg_(?:blocks_)?too_long|(?:used|expired)_url|[a-z]+(?:_[a-z]+)+)\b/;
  return { answer: 'refused', error: word.exec(text)?.[0] ?? `http_${response.status}` };
}
