import type { Effect } from '../commands/direct.ts';
import { type Flags, getFlag, listFlags, setFlag } from '../commands/flag.ts';
import { httpEffect, type SendHttp } from '../commands/http-call.ts';
import type { Command } from '../core/command.ts';
import type { UseDeclaration, UseInput } from '../policy/commands/use.ts';

type FlagEffect = (flags: Flags, project: string) => Effect;

const name: UseInput = { name: 'name', types: ['string'], required: true };
const state: UseInput = {
  name: 'state',
  types: ['string', 'boolean'],
  options: ['on', 'off'],
  required: true,
};
const env: UseInput = { name: 'env', types: ['string'], required: false };

interface FlagUse extends UseDeclaration {
  readonly effect: FlagEffect;
}

const flagUses: readonly FlagUse[] = [
  { name: 'gitlab.feature-flag.get', settings: ['project'], inputs: [name, env], effect: getFlag },
  { name: 'gitlab.feature-flag.set', settings: ['project'], inputs: [name, state, env], effect: setFlag },
  { name: 'gitlab.feature-flag.list', settings: ['project'], inputs: [], effect: listFlags },
];

/** What `direct: { use: … }` may name, with the settings and inputs that each needs. */
export const uses: readonly UseDeclaration[] = flagUses;

/** The effect that a direct command declares. */
export const effectOf =
  (flags: Flags, send: SendHttp) =>
  ({ direct }: Command): Effect | undefined => {
    if (direct === undefined) return undefined;
    if ('http' in direct) return httpEffect(direct.http, direct.reply, send);
    const { project } = direct.settings;
    const use = flagUses.find((one) => one.name === direct.use);
    return project === undefined ? undefined : use?.effect(flags, project);
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
