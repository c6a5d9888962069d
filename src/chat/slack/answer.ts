/**
 * How one call to Slack ended. `refused`: Slack said no in one word. `later`: nothing was shown, it may go well after that time.
 * `unknown`: it may have been shown.
 */
export type SlackAnswer =
  | { readonly answer: 'ok'; readonly channel?: string; readonly ts?: string }
  | { readonly answer: 'refused'; readonly error: string }
  /** `held`: it was not even tried. */
  | { readonly answer: 'later'; readonly afterMs: number; readonly because: string; readonly held?: true }
  | { readonly answer: 'unknown'; readonly because: string };

/**
 * What an HTTP 5xx says: a gateway may have given up on Slack after Slack had shown the message, so nobody knows. Only a 503 that
 * names a time to come back turned the request away.
 */
export function answerToFailure(status: number, retryAfter: string | null, who: string): SlackAnswer {
  const because = `${who} answered HTTP ${status}`;
  const seconds = /^[0-9]{1,5}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
  if (status !== 503 || seconds === undefined) return { answer: 'unknown', because };
  return { answer: 'later', afterMs: seconds * 1000, because };
}

const beforeSending = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/** Whether a failed fetch provably sent nothing: no connection was ever made. */
export function neverLeft(thrown: unknown): boolean {
  const code = codeOf(thrown) ?? (thrown instanceof Error ? codeOf(thrown.cause) : undefined);
  return code !== undefined && beforeSending.includes(code);
}

const codeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;

const aboutBlocks = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long'];

/** Whether the same words without blocks may be taken. */
export const isAboutBlocks = (error: string): boolean => aboutBlocks.includes(error);

const aboutToken = [
  'invalid_auth',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'not_authed',
  'org_login_required',
  'ekm_access_denied',
];

/** Whether no call with this token can go well. */
export const isAboutToken = (error: string): boolean => aboutToken.includes(error);

const aboutChannel = [
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'missing_scope',
  'no_permission',
  'restricted_action',
  'restricted_action_read_only_channel',
  'method_not_supported_for_channel_type',
];

/** Whether the bot cannot write in this channel, now and at the next reply. */
export const isAboutChannel = (error: string): boolean => aboutChannel.includes(error);
