/** An answer other than 2xx, in the dialect that GitLab uses for it (https://docs.gitlab.com/api/rest/troubleshooting/#status-codes). */
export class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;
  constructor(status: number, body: unknown) {
    super(`GitLab refuses with ${status}: ${JSON.stringify(body)}`);
    this.name = 'Refusal';
    this.status = status;
    this.body = body;
  }
}

/** 401: the token is missing or unknown. */
export const unauthorized = (): Refusal => new Refusal(401, { message: '401 Unauthorized' });

/** 404 with the name of what is missing, e.g. `404 Project Not Found`. */
export const notFound = (what = ''): Refusal =>
  new Refusal(404, { message: ['404', what, 'Not Found'].filter(Boolean).join(' ') });

/** 403, with GitLab's reason when it gives one. */
export const forbidden = (why = ''): Refusal =>
  new Refusal(403, { message: why ? `403 Forbidden - ${why}` : '403 Forbidden' });

/** 400 from an endpoint's own check. */
export const badRequest = (why: string): Refusal => new Refusal(400, { message: `400 Bad request - ${why}` });

/** 400 from the check of parameters, e.g. `ref is missing`. */
export const badParameter = (why: string): Refusal => new Refusal(400, { error: why });

/** A model that could not be saved: 400 with `base` messages. */
export const notSaved = (base: readonly string[]): Refusal => new Refusal(400, { message: { base } });

/** 422 for values that the model does not accept. */
export const unprocessable = (message: unknown): Refusal => new Refusal(422, { message });
