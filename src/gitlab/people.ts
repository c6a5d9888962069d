import type { GitLab } from './client.ts';
import { fieldsOf, idOf, listOf, textOf } from './shapes.ts';

/** Usernames of everyone in the group, inherited and invited members too, blocked ones not. Rejects when GitLab cannot tell. */
export const groupMembers =
  (gitlab: Pick<GitLab, 'GroupMembers'>) =>
  async (groupPath: string): Promise<readonly string[]> => {
    const members = await gitlab.GroupMembers.all(groupPath, { includeInherited: true, perPage: 100 });
    const active = listOf(members, 'a list of members')
      .map((one) => fieldsOf(one, 'a member'))
      .filter(({ state, membership_state }) => isActive(state) && isActive(membership_state))
      .map((one) => textOf(one, 'username', 'a member'));
    return [...new Set(active)];
  };

/** GitLab says `active`; the membership's own state is missing in some versions. */
const isActive = (state: unknown): boolean => state === undefined || state === 'active';

/** Whom the gateway's token acts as. */
export const currentUser =
  (gitlab: Pick<GitLab, 'Users'>) =>
  async (): Promise<{ readonly id: number; readonly username: string; readonly name: string }> => {
    const fields = fieldsOf(await gitlab.Users.showCurrentUser(), 'a user');
    const username = textOf(fields, 'username', 'a user');
    return {
      id: idOf(fields, 'a user'),
      username,
      name: typeof fields.name === 'string' ? fields.name : username,
    };
  };
