import { forbidden, notFound, Refusal, unauthorized } from './refusal.ts';
import type { Actor, Call } from './route.ts';
import { level, levelIn, type Project, projectOf, userOf, type World } from './world.ts';

/** The project that `:id` names, if the caller may see it at all (else 404, as GitLab does for private projects). */
export function projectFor(call: Call, least: number = level.guest): Project {
  const project = projectOf(call.world, call.path.id ?? '');
  const has = project ? levelIn(project, call.actor.user.id) : 0;
  if (!project || has < level.guest) throw notFound('Project');
  if (has < least) throw forbidden();
  return project;
}

/** The caller's account by `PRIVATE-TOKEN` or `Authorization: Bearer`; refuses unknown and expired tokens. */
export function actorFor(world: World, headers: Call['headers']): Actor {
  const given = one(headers['private-token']) ?? bearer(one(headers.authorization));
  const token = world.tokens.find((entry) => entry.token === given);
  if (!token) throw unauthorized();
  if (Date.parse(token.expiresAt) <= world.now()) {
    throw new Refusal(401, {
      error: 'invalid_token',
      error_description: 'Token is expired. You can either do re-authorization or token refresh.',
    });
  }
  return { user: userOf(world, token.userId), token };
}

/** Refuses writing with a token that may only read. */
export function requireScope(actor: Actor, method: string): void {
  if (method === 'GET' || method === 'HEAD' || actor.token.scopes.includes('api')) return;
  throw new Refusal(403, {
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: 'api',
  });
}

function bearer(header: string | undefined): string | undefined {
  return header?.match(/^Bearer +(\S+)$/i)?.[1];
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
