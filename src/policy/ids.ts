/** What an id of policy.csv names. `account` is one user of a chat app, `channel` one of its channels: they are written alike. */
export type IdKind = 'everyone' | 'account' | 'gitlab' | 'gitlab-group' | 'role' | 'channels';

const longest = 300;
const app = '(?!(?:gitlab|gitlab-group|role|channels):)[a-z][a-z0-9-]*';
const account = new RegExp(`^${app}:[A-Za-z0-9._-]+/[A-Za-z0-9._@:+=~-]+$`);

const shapes: readonly (readonly [IdKind, RegExp])[] = [
  ['everyone', /^\*$/],
  ['account', account],
  ['gitlab', /^gitlab:[A-Za-z0-9_][A-Za-z0-9_.-]*$/],
  ['gitlab-group', /^gitlab-group:[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/],
  ['role', /^role:[a-z0-9][a-z0-9_-]*$/],
  ['channels', /^channels:[a-z0-9][a-z0-9_-]*$/],
];

/** What the id names; undefined when it is none of the known shapes. */
export const kindOfId = (id: string): IdKind | undefined =>
  id.length > longest ? undefined : shapes.find(([, shape]) => shape.test(id))?.[0];

/**
 * Whether this may stand as the caller or the channel of a request: `<app>:<tenant>/<id>`.
 * Without this check, somebody called `role:sre` would hold that role, since every name holds itself.
 */
export const isAccount = (id: string): boolean => id.length <= longest && account.test(id);
