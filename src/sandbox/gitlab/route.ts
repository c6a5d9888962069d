import type { Fields } from './form.ts';
import { badParameter } from './refusal.ts';
import type { AccessToken, User, World } from './world.ts';

/** Who calls the API, by which token. */
export interface Actor {
  readonly user: User;
  readonly token: AccessToken;
}

/** One API request, read. */
export interface Call {
  readonly world: World;
  readonly actor: Actor;
  readonly path: Readonly<Record<string, string>>;
  /** Query and body together; the body wins. */
  readonly fields: Fields;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Address of this request with its query, for links to other pages. */
  readonly url: URL;
}

/** What an endpoint answers. A string body goes out as plain text. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One endpoint below `/api/v4`. `token: 'none'` are those that authenticate by themselves. */
export interface Route {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly token?: 'none';
  readonly answer: (call: Call) => Answer;
}

/** 200 with a body. */
export const ok = (body: unknown): Answer => ({ status: 200, body });

/** 201 with a body. */
export const created = (body: unknown): Answer => ({ status: 201, body });

/** One page of a list, with GitLab's paging headers (https://docs.gitlab.com/api/rest/#offset-based-pagination). */
export function page<T>(call: Call, items: readonly T[], view: (item: T) => unknown): Answer {
  const number = wholeNumber(call.fields, 'page', 1);
  const size = Math.min(wholeNumber(call.fields, 'per_page', 20), 100);
  const pages = Math.max(1, Math.ceil(items.length / size));
  const shown = items.slice((number - 1) * size, number * size);
  const next = number < pages ? number + 1 : undefined;
  const previous = number > 1 ? number - 1 : undefined;
  const link = (to: number, rel: string): string => `<${at(call.url, to, size)}>; rel="${rel}"`;
  const links = [
    ...(previous ? [link(previous, 'prev')] : []),
    ...(next ? [link(next, 'next')] : []),
    link(1, 'first'),
    link(pages, 'last'),
  ];
  return {
    status: 200,
    body: shown.map(view),
    headers: {
      link: links.join(', '),
      'x-page': String(number),
      'x-per-page': String(size),
      'x-next-page': next ? String(next) : '',
      'x-prev-page': previous ? String(previous) : '',
      'x-total': String(items.length),
      'x-total-pages': String(pages),
    },
  };
}

/**
 * One page of a list that goes on after a key instead of by number: no totals, only a link to what follows
 * (https://docs.gitlab.com/api/rest/#keyset-based-pagination).
 */
export function keysetPage<T>(
  call: Call,
  items: readonly T[],
  keyOf: (item: T) => string,
  view: (item: T) => unknown,
): Answer {
  const size = Math.min(wholeNumber(call.fields, 'per_page', 20), 100);
  const token = String(call.fields.page_token ?? '');
  const at = token === '' ? -1 : items.findIndex((item) => keyOf(item) === token);
  if (token !== '' && at === -1) throw badParameter('page_token is invalid');
  const shown = items.slice(at + 1, at + 1 + size);
  const last = shown.at(-1);
  const answer = { status: 200, body: shown.map(view) };
  if (last === undefined || at + 1 + size >= items.length) return answer;
  const next = new URL(call.url);
  next.searchParams.set('page_token', keyOf(last));
  next.searchParams.set('per_page', String(size));
  return { ...answer, headers: { link: `<${next.href}>; rel="next"` } };
}

function at(url: URL, number: number, size: number): string {
  const to = new URL(url);
  to.searchParams.set('page', String(number));
  to.searchParams.set('per_page', String(size));
  return to.href;
}

function wholeNumber(fields: Fields, name: string, otherwise: number): number {
  const value = fields[name];
  if (value === undefined || value === '') return otherwise;
  if (!/^\d{1,9}$/.test(String(value))) throw badParameter(`${name} is invalid`);
  if (Number(value) === 0) throw badParameter(`${name} has a value not allowed`);
  return Number(value);
}
