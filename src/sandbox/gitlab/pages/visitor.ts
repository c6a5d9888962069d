import { type User, userOf, type World } from '../world.ts';

/** The people whom a visitor of the pages can act as. */
export const cast = [1, 2] as const;

const cookieName = 'sandbox_person';

/** The person the browser's cookie names; Ana unless it names another of the cast. */
export function visitorOf(world: World, cookie: string | undefined): User {
  const named = cookie?.match(/(?:^|; *)sandbox_person=([a-z-]+)/)?.[1];
  const id = cast.find((one) => userOf(world, one).username === named) ?? cast[0];
  return userOf(world, id);
}

/** The cookie that makes the browser act as somebody. */
export function visitorCookie(user: User): string {
  return `${cookieName}=${user.username}; Path=/; HttpOnly; SameSite=Strict`;
}

/**
 * Whether a form was sent from the sandbox's own pages: browsers tell by `Sec-Fetch-Site` or `Origin`,
 * so that no other web page can press buttons here.
 */
export function fromOwnPage(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return typeof origin === 'string' && URL.canParse(origin) && new URL(origin).host === host;
}
