import { parseJson } from './json.ts';
import { isRecord } from './shape.ts';
import type { Workspace } from './workspace.ts';

/** The arguments of a Web API call, from a form, a query or JSON. */
export type Args = Readonly<Record<string, unknown>>;

/** What a Web API method answers; `ok: false` carries Slack's error word. */
export type MethodAnswer =
  | { readonly ok: true; readonly [field: string]: unknown }
  | { readonly ok: false; readonly error: string; readonly [field: string]: unknown };

/** One Web API method of the sandbox's Slack. */
export type Method = (args: Args, workspace: Workspace) => MethodAnswer;

/** A refusal with Slack's error word; `messages` name the faults. */
export function failure(error: string, messages: readonly string[] = []): MethodAnswer {
  if (messages.length === 0) return { ok: false, error };
  return {
    ok: false,
    error,
    errors: messages,
    response_metadata: { messages: messages.map((each) => `[ERROR] ${each}`) },
  };
}

/** A string argument; '' when it is missing or no string. */
export function textArg(args: Args, name: string): string {
  const value = args[name];
  return typeof value === 'string' ? value : '';
}

/** Arguments, or Slack's word for a body that cannot be read. */
export type ParsedArgs =
  | { readonly ok: true; readonly args: Args }
  | { readonly ok: false; readonly error: 'invalid_json' | 'json_not_object' | 'invalid_post_type' };

/** Reads a request's arguments: the query's, and over them the body's. */
export function parseArgs(contentType: string, body: string, query: Args): ParsedArgs {
  if (body === '') return { ok: true, args: query };
  const media = contentType.split(';')[0]?.trim().toLowerCase();
  if (media === 'application/x-www-form-urlencoded') {
    return { ok: true, args: { ...query, ...Object.fromEntries(new URLSearchParams(body)) } };
  }
  if (media !== 'application/json') return { ok: false, error: 'invalid_post_type' };
  const parsed = parseJson(body);
  if (parsed === undefined) return { ok: false, error: 'invalid_json' };
  return isRecord(parsed)
    ? { ok: true, args: { ...query, ...parsed } }
    : { ok: false, error: 'json_not_object' };
}
