/**
 * Every code an error or a problem answer can carry, with its HTTP status and what it means.
 * The same table stands in ARCHITECTURE.md; a test holds the two together.
 */
export const errorCodes = {
  'config.invalid': { status: 500, meaning: 'the environment does not describe a gateway that can run' },
  'policies.invalid': { status: 500, meaning: 'the policy folder has mistakes and cannot be used' },
  'request.malformed': {
    status: 400,
    meaning: 'the request is not well-formed (encoding, repeated fields, shape)',
  },
  'request.unverified': { status: 401, meaning: 'the signature or token is missing or wrong' },
  'request.stale': { status: 401, meaning: 'the timestamp is too far from the gateway clock, either way' },
  'request.replayed': { status: 401, meaning: 'this very request was received before' },
  'request.unknown-route': { status: 404, meaning: 'there is no such route' },
  'request.too-large': { status: 413, meaning: 'the body is over the limit' },
  'request.media-type': { status: 415, meaning: 'the body is not of the type this route takes' },
  'accept.unavailable': {
    status: 503,
    meaning: 'the command could not be stored or audited; nothing was done',
  },
  'accept.unknown': { status: 503, meaning: 'the store did not say whether the command was stored' },
  'store.unavailable': { status: 503, meaning: 'the store cannot be reached' },
  'gitlab.unreachable': { status: 502, meaning: 'GitLab cannot be reached or did not answer in time' },
  'gitlab.refused': { status: 502, meaning: 'GitLab refused the request and said why' },
  'gitlab.unexpected': { status: 502, meaning: 'GitLab answered something that is not GitLab' },
  internal: { status: 500, meaning: 'a fault of the gateway itself' },
} as const;

/** One of the codes above. */
export type ErrorCode = keyof typeof errorCodes;

/** "Cannot go on": thrown with what was being done, to which thing. Expected outcomes are return values instead. */
export class GatewayError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'GatewayError';
    this.code = code;
  }
}

/** The code of any thrown thing; `internal` when it is not one of ours. */
export const codeOf = (thrown: unknown): ErrorCode =>
  thrown instanceof GatewayError ? thrown.code : 'internal';
