import type { Test } from 'tap';
import { createGitLab, type GitLab } from '../../src/gitlab/client.ts';
import { createConnection, usualLimits, type WireLimits } from '../../src/gitlab/connection.ts';
import { createRequester } from '../../src/gitlab/requester.ts';
import { type FakeGitLab, startFakeGitLab } from './gitlab.ts';

/** A fake GitLab and our client for it; both end with the test. Pauses are recorded, not waited for. */
export const gitlabFor = async (
  t: Test,
  options: { readonly paths?: readonly string[]; readonly limits?: Partial<WireLimits> } = {},
): Promise<{ readonly fake: FakeGitLab; readonly gitlab: GitLab; readonly pauses: number[] }> => {
  const fake = await startFakeGitLab(options.paths);
  const connection = createConnection(fake.url, { ...usualLimits, ...options.limits });
  const pauses: number[] = [];
  const requester = createRequester(connection, async (ms) => {
    pauses.push(ms);
  });
  t.teardown(async () => {
    await connection.close();
    await fake.close();
  });
  return { fake, gitlab: createGitLab({ url: fake.url, token: fake.token, requester }), pauses };
};
