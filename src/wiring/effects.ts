import type { Effect } from '../commands/direct.ts';
import { type Flags, getFlag, listFlags, setFlag } from '../commands/flag.ts';
import { httpEffect, type SendHttp } from '../commands/http-call.ts';
import type { Command } from '../core/command.ts';

type FlagEffect = (flags: Flags, project: string) => Effect;

const flagEffects: Readonly<Record<string, FlagEffect>> = {
  'gitlab.feature-flag.get': getFlag,
  'gitlab.feature-flag.set': setFlag,
  'gitlab.feature-flag.list': listFlags,
};

/** What `direct: { use: … }` may name. */
export const uses: readonly string[] = Object.keys(flagEffects);

/** The effect that a direct command declares. */
export const effectOf =
  (flags: Flags, send: SendHttp) =>
  ({ direct }: Command): Effect | undefined => {
    if (direct === undefined) return undefined;
    if ('http' in direct) return httpEffect(direct.http, direct.reply, send);
    const project = direct.settings.project ?? '';
    return flagEffects[direct.use]?.(flags, project);
  };

const answerWithinMs = 5000;
const longestAnswer = 64 * 1024;

const readSome = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= longestAnswer) break;
  }
  return Buffer.concat(chunks).subarray(0, longestAnswer).toString('utf8');
};

/** Makes declared HTTP calls: no redirect, no repeat, five seconds, 64 KiB. `hosts` names the only hosts allowed, where it is given. */
export const createSendHttp =
  (hosts: readonly string[] | undefined): SendHttp =>
  async ({ method, url, headers, body }) => {
    const { host } = new URL(url);
    if (hosts !== undefined && !hosts.includes(host)) {
      throw new Error(`calling ${host}: HTTP_ALLOWED_HOSTS does not name it`);
    }
    const signal = AbortSignal.timeout(answerWithinMs);
    const init: RequestInit = { method, headers: { ...headers }, redirect: 'manual', signal };
    const response = await fetch(url, body === undefined ? init : { ...init, body }).catch(
      (cause: unknown) => {
        throw new Error(`calling ${host}: it cannot be reached or did not answer in time`, { cause });
      },
    );
    return { status: response.status, body: await readSome(response) };
  };
