import { type ErrorCode, GatewayError } from '../core/errors.ts';
import type { WireAnswer } from './connection.ts';

/** What is known about a call that did not bring what was asked for. */
export interface Failure {
  /** HTTP status; undefined when no whole answer arrived. */
  readonly status: number | undefined;
  /** Whether the request may have reached GitLab. */
  readonly sent: boolean;
  /** Whether GitLab itself spoke (its JSON, or its rate limiter), not something in front of it. */
  readonly fromGitLab: boolean;
  /** GitLab's words in one line, or what happened to the connection. */
  readonly words: string;
  readonly tryAgainAfterMs?: number;
}

/** A call to GitLab that failed. Carries the status and GitLab's words; never headers, bodies or the token. */
export class GitLabError extends GatewayError implements Failure {
  readonly status: number | undefined;
  readonly sent: boolean;
  readonly fromGitLab: boolean;
  readonly words: string;
  declare readonly tryAgainAfterMs?: number;

  constructor(code: ErrorCode, doing: string, failure: Failure) {
    super(code, `GitLab, ${doing}: ${failure.words}`);
    this.name = 'GitLabError';
    this.status = failure.status;
    this.sent = failure.sent;
    this.fromGitLab = failure.fromGitLab;
    this.words = failure.words;
    if (failure.tryAgainAfterMs !== undefined) this.tryAgainAfterMs = failure.tryAgainAfterMs;
  }
}

/** Whether a thrown thing is GitLab saying "there is no such thing (for you)". */
export const isAbsent = (thrown: unknown): boolean =>
  thrown instanceof GitLabError && thrown.status === 404 && thrown.fromGitLab;

/** The body of a good answer: parsed JSON, or the text where `text` is expected. Throws GitLabError for every other answer. */
export const bodyOf = (doing: string, expected: 'json' | 'text', answer: WireAnswer): unknown => {
  const { status, headers } = answer;
  if (status >= 300) throw refusal(doing, answer);
  if (status === 204) return null;
  const type = headers['content-type'] ?? '';
  if (expected === 'text' && !type.includes('text/html')) return answer.text;
  if (type.includes('json')) {
    const json = parsed(answer.text);
    if (json !== undefined) return json;
  }
  const words = type.includes('text/html')
    ? 'a web page came back instead of an answer (a sign-in page or a proxy?); check GITLAB_URL'
    : `the answer cannot be read (${status}, ${type || 'no content type'})`;
  throw new GitLabError('gitlab.unexpected', doing, { status, sent: true, fromGitLab: false, words });
};

const refusal = (doing: string, answer: WireAnswer): GitLabError => {
  const { status, headers } = answer;
  if (status < 400) {
    const words = `redirected (${status}) to ${placeOf(headers.location)}; redirects are not followed, the token would go along`;
    return new GitLabError('gitlab.unexpected', doing, { status, sent: true, fromGitLab: false, words });
  }
  const said = saidBy(answer);
  // GitLab's limiter answers in plain text, known by its headers: https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/
  const limited = status === 429 && ('retry-after' in headers || 'ratelimit-limit' in headers);
  const after = Number(headers['retry-after']);
  return new GitLabError(codeFor(status, said !== undefined || limited), doing, {
    status,
    sent: true,
    fromGitLab: said !== undefined || limited,
    words: said ?? (limited ? 'too many requests' : `answered with ${status}, and not in GitLab's own words`),
    ...(Number.isFinite(after) && after >= 0 ? { tryAgainAfterMs: after * 1000 } : {}),
  });
};

const codeFor = (status: number, fromGitLab: boolean): ErrorCode => {
  if (status >= 500 || status === 408) return 'gitlab.unreachable';
  return fromGitLab ? 'gitlab.refused' : 'gitlab.unexpected';
};

/** GitLab says `{"message": …}` or `{"error": …}`: https://docs.gitlab.com/api/rest/troubleshooting/ */
const saidBy = ({ headers, text }: WireAnswer): string | undefined => {
  if (!(headers['content-type'] ?? '').includes('json')) return undefined;
  const body = parsed(text);
  if (typeof body !== 'object' || body === null) return undefined;
  const message = 'message' in body ? body.message : 'error' in body ? body.error : undefined;
  if (message === undefined) return undefined;
  return oneLine(flattened(message).join('; ')) || 'no reason given';
};

const flattened = (message: unknown, field = ''): readonly string[] => {
  if (Array.isArray(message)) return message.flatMap((one: unknown) => flattened(one, field));
  if (typeof message === 'object' && message !== null) {
    return Object.entries(message).flatMap(([name, value]) => flattened(value, name === 'base' ? '' : name));
  }
  return [field === '' ? String(message) : `${field} ${String(message)}`];
};

/** Text from elsewhere as one line of at most 500 characters, without control characters. */
export const oneLine = (text: string): string => {
  const line = text
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return line.length > 500 ? `${line.slice(0, 499)}…` : line;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const placeOf = (location: string | undefined): string => {
  if (location === undefined || !URL.canParse(location)) return 'another address';
  const { origin, pathname } = new URL(location);
  return oneLine(`${origin}${pathname}`);
};
