import {
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from '@slack/web-api';
import { answerToFailure, neverLeft, type SlackAnswer } from './answer.ts';

/** The few methods of Slack's Web API that replies need: https://docs.slack.dev/reference/methods */
export type SlackMethod = 'chat.postMessage' | 'chat.update' | 'chat.postEphemeral' | 'conversations.open';

/** Slack's Web API with the bot's token. Never rejects, never repeats, never waits for a rate limit. */
export interface SlackClient {
  call(method: SlackMethod, fields: Readonly<Record<string, unknown>>): Promise<SlackAnswer>;
}

/** Milliseconds that one call to Slack may take. */
export const patience = 5000;

// The library logs bodies and errors on its own; what matters of them comes back as an answer.
const silence = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** A client for one workspace's bot. `apiUrl` is `https://slack.com/api/` or a stand-in. */
export function createSlackClient(options: { readonly token: string; readonly apiUrl: string }): SlackClient {
  const library = new WebClient(options.token, {
    slackApiUrl: options.apiUrl,
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: patience,
    logger: silence,
  });
  return {
    call: (method, fields) =>
      library.apiCall(method, { ...fields }).then(
        (result): SlackAnswer => ({ answer: 'ok', ...placeOf(result) }),
        (thrown: unknown) => answerOf(thrown),
      ),
  };
}

function placeOf(result: object): { readonly channel?: string; readonly ts?: string } {
  const { channel, ts } = result as { channel?: unknown; ts?: unknown };
  const id = typeof channel === 'object' && channel !== null ? (channel as { id?: unknown }).id : channel;
  return { ...(typeof id === 'string' ? { channel: id } : {}), ...(typeof ts === 'string' ? { ts } : {}) };
}

function answerOf(thrown: unknown): SlackAnswer {
  if (thrown instanceof WebAPIRateLimitedError) {
    return { answer: 'later', afterMs: thrown.retryAfter * 1000, because: 'Slack asks to slow down' };
  }
  if (thrown instanceof WebAPIPlatformError) return platformAnswer(thrown.data.error);
  if (thrown instanceof WebAPIHTTPError) return httpAnswer(thrown);
  const cause = thrown instanceof WebAPIRequestError ? thrown.original : thrown;
  if (thrown instanceof WebAPIRequestError && !neverLeft(cause)) {
    return { answer: 'unknown', because: 'Slack did not answer in time' };
  }
  return { answer: 'later', afterMs: 2000, because: 'Slack cannot be reached' };
}

function httpAnswer({ statusCode, headers }: WebAPIHTTPError): SlackAnswer {
  if (statusCode >= 500) return answerToFailure(statusCode, headers['retry-after'] ?? null, 'Slack');
  return { answer: 'later', afterMs: 2000, because: `Slack answered HTTP ${statusCode}` };
}

const passing = ['service_unavailable', 'request_timeout', 'team_added_to_org'];

/** Slack says of these that some of it may have been done: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const halfDone = ['internal_error', 'fatal_error'];

function platformAnswer(error: string): SlackAnswer {
  if (error === 'ratelimited' || error === 'rate_limited' || error === 'message_limit_exceeded') {
    return { answer: 'later', afterMs: 30_000, because: `Slack answered ${error}` };
  }
  if (passing.includes(error)) return { answer: 'later', afterMs: 2000, because: `Slack answered ${error}` };
  if (halfDone.includes(error)) return { answer: 'unknown', because: `Slack answered ${error}` };
  if (/^[a-z0-9_:]{1,80}$/.test(error)) return { answer: 'refused', error };
  return { answer: 'unknown', because: 'Slack answered something that is not JSON' };
}
