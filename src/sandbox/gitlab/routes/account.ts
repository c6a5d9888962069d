import { requiredText, text } from '../fields.ts';
import { notFound } from '../refusal.ts';
import { type Call, ok, page, type Route } from '../route.ts';
import { member, userBasic, userPublic } from '../views/people.ts';
import { groupView } from '../views/projects.ts';
import { iso } from '../views/times.ts';
import { type Group, level, userOf } from '../world.ts';

const version = { version: '18.5.1', revision: 'sandbox', kas: { enabled: false }, enterprise: false };

/** Endpoints about the caller, other people and groups. */
export const accountRoutes: readonly Route[] = [
  { method: 'GET', url: '/version', answer: () => ok(version) },
  { method: 'GET', url: '/metadata', answer: () => ok(version) },
  { method: 'GET', url: '/user', answer: showSelf },
  { method: 'GET', url: '/personal_access_tokens/self', answer: showToken },
  { method: 'GET', url: '/users', answer: listUsers },
  { method: 'GET', url: '/users/:user_id', answer: showUser },
  { method: 'GET', url: '/groups/:id', answer: showGroup },
  { method: 'GET', url: '/groups/:id/members', answer: (call) => listMembers(call, groupFor(call).members) },
  { method: 'GET', url: '/groups/:id/members/all', answer: (call) => listMembers(call, inherited(call)) },
  { method: 'GET', url: '/groups/:id/members/all/:user_id', answer: showMember },
];

function showSelf({ world, actor }: Call) {
  return ok({
    ...userPublic(world, actor.user),
    email: actor.user.email,
    is_admin: false,
    two_factor_enabled: true,
  });
}

function showToken({ actor: { token } }: Call) {
  return ok({
    id: token.id,
    name: token.name,
    revoked: false,
    created_at: iso(token.createdAt),
    scopes: token.scopes,
    user_id: token.userId,
    active: true,
    expires_at: token.expiresAt.slice(0, 10),
  });
}

function listUsers(call: Call) {
  const username = text(call.fields, 'username')?.toLowerCase();
  const search = text(call.fields, 'search')?.toLowerCase();
  const found = call.world.users
    .filter((user) => username === undefined || user.username === username)
    .filter((user) => search === undefined || `${user.username} ${user.name}`.toLowerCase().includes(search));
  return page(call, found, (user) => userBasic(call.world, user));
}

function showUser(call: Call) {
  const user = call.world.users.find((one) => String(one.id) === requiredText(call.path, 'user_id'));
  if (!user) throw notFound('User');
  return ok(userPublic(call.world, user));
}

function showGroup(call: Call) {
  return ok(groupView(call.world, groupFor(call)));
}

function groupFor(call: Call): Group {
  const key = call.path.id ?? '';
  const group = call.world.groups.find((one) => String(one.id) === key || one.path === key);
  if (!group || !reachable(call, group)) throw notFound('Group');
  return group;
}

/** A private group is seen by its members, by those of its projects, and by members of groups below it. */
function reachable(call: Call, group: Group): boolean {
  const id = call.actor.user.id;
  const below = call.world.groups.filter(
    (one) => one.path === group.path || one.path.startsWith(`${group.path}/`),
  );
  const inProject = call.world.projects.some(
    (project) => project.groupId === group.id && (project.members.get(id) ?? 0) >= level.guest,
  );
  return inProject || membersAbove(call, group).has(id) || below.some((one) => one.members.has(id));
}

function inherited(call: Call): ReadonlyMap<number, number> {
  return membersAbove(call, groupFor(call));
}

/** Direct and inherited members of a group; the highest level counts. */
function membersAbove(call: Call, group: Group): ReadonlyMap<number, number> {
  const all = new Map<number, number>();
  for (const one of call.world.groups) {
    if (group.path !== one.path && !group.path.startsWith(`${one.path}/`)) continue;
    for (const [id, has] of one.members) all.set(id, Math.max(has, all.get(id) ?? 0));
  }
  return all;
}

function listMembers(call: Call, members: ReadonlyMap<number, number>) {
  return page(call, [...members], ([id, has]) => member(call.world, userOf(call.world, id), has));
}

function showMember(call: Call) {
  const id = Number(requiredText(call.path, 'user_id'));
  const has = inherited(call).get(id);
  if (has === undefined) throw notFound();
  return ok(member(call.world, userOf(call.world, id), has));
}
