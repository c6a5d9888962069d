import type { CiUser } from '../../ci/types.ts';
import type { User, World } from '../world.ts';
import { iso } from './times.ts';

/** A user as GitLab shows it inside other things. */
export function userBasic(world: World, user: CiUser) {
  return {
    id: user.id,
    username: user.username,
    public_email: null,
    name: user.name,
    state: 'active',
    locked: false,
    avatar_url: null,
    web_url: `${world.serverUrl()}/${user.username}`,
  };
}

/** A user as `GET /users/:id` shows it to others. */
export function userPublic(world: World, user: User) {
  return { ...userBasic(world, user), created_at: iso(0), bot: user.bot, job_title: user.title };
}

/** A member of a group or project. */
export function member(world: World, user: User, accessLevel: number) {
  return {
    ...userBasic(world, user),
    access_level: accessLevel,
    created_at: iso(0),
    expires_at: null,
    membership_state: 'active',
  };
}
