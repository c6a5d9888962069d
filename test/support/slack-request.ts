import { createHmac, randomUUID } from 'node:crypto';
import { request } from 'node:http';

/** A request as Slack or somebody else may make it: path, headers, and the very bytes of the body. */
export interface SlackRequest {
  readonly method: 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Who types or presses, where, and where the answer may be sent. */
export interface Typist {
  readonly team: string;
  readonly user: string;
  readonly channel: string;
  readonly responseUrl?: string;
}

const formType = 'application/x-www-form-urlencoded';

/** The form of a slash command: https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling */
export const commandFields = (by: Typist, text: string): Record<string, string> => ({
  token: 'not-looked-at',
  team_id: by.team,
  team_domain: 'example',
  channel_id: by.channel,
  channel_name: by.channel.toLowerCase(),
  user_id: by.user,
  user_name: by.user.toLowerCase(),
  command: '/chatops',
  text,
  trigger_id: `t.${randomUUID()}`,
  ...(by.responseUrl === undefined ? {} : { response_url: by.responseUrl }),
});

/** The form of a pressed button. */
export const pressFields = (by: Typist, actionId: string, value: string): Record<string, string> => ({
  payload: JSON.stringify({
    type: 'block_actions',
    team: { id: by.team, domain: 'example' },
    user: { id: by.user, username: by.user.toLowerCase() },
    channel: { id: by.channel, name: by.channel.toLowerCase() },
    trigger_id: `t.${randomUUID()}`,
    response_url: by.responseUrl ?? '',
    actions: [{ type: 'button', action_id: actionId, block_id: 'b', value }],
  }),
});

/** A form as it goes over the wire. */
export const formOf = (fields: Readonly<Record<string, string>>): Buffer =>
  Buffer.from(new URLSearchParams({ ...fields }).toString());

/** An unsigned request with this body. */
export const unsigned = (body: Buffer | string, path = '/slack/commands'): SlackRequest => ({
  method: 'POST',
  path,
  headers: { 'content-type': formType },
  body: Buffer.from(body),
});

/** The same request signed with this secret at that Unix second: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const signed = (
  wanted: SlackRequest,
  secret: string,
  at: number = Math.floor(Date.now() / 1000),
): SlackRequest => {
  const mac = createHmac('sha256', secret).update(`v0:${at}:`).update(wanted.body).digest('hex');
  const proof = { 'x-slack-request-timestamp': String(at), 'x-slack-signature': `v0=${mac}` };
  return { ...wanted, headers: { ...wanted.headers, ...proof } };
};

/** Sends a request to a gateway over a connection of its own, and reads the whole answer. */
export const send = (url: string, { method, path, headers, body }: SlackRequest): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const length = { 'content-length': body.length };
    const outgoing = request(`${url}${path}`, { method, agent: false, headers: { ...headers, ...length } });
    outgoing.on('error', reject);
    outgoing.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('error', reject).on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const { statusCode: status = 0, headers } = answer;
        resolve({ status, type: headers['content-type'] ?? '', text: Buffer.concat(chunks).toString() });
      });
    });
    outgoing.end(body);
  });
