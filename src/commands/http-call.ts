import type { HttpCall } from '../core/command.ts';
import type { Input, InputValue } from '../core/input.ts';
import { placeholder, wholePlaceholder } from '../core/placeholder.ts';
import type { Outcome, Run } from '../core/run.ts';
import { staysDeclared } from './declared-address.ts';
import type { Effect, Effected } from './direct.ts';

/** An HTTP request as data. */
export interface HttpRequest {
  readonly method: HttpCall['method'];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Makes one request: no redirect followed, no repeat, body read up to a limit. Rejects when there was no whole answer. */
export type SendHttp = (request: HttpRequest) => Promise<{ readonly status: number; readonly body: string }>;

const textOf = (value: InputValue | undefined): string => (value === undefined ? '' : String(value));

const fillText = (template: string, input: Input, write: (value: string) => string): string =>
  template.replace(placeholder, (_, name: string) => write(textOf(input[name])));

/** Half a character (a lone surrogate) cannot be written in an address. */
const addressSafe = (value: string): string => encodeURIComponent(value.toWellFormed());

/** A value in a header stays one line: line breaks would start another header. */
const headerSafe = (value: string): string => value.replace(/[\r\n\0]/g, ' ');

/** Fills a JSON body: a string that is one placeholder becomes the typed value, others are filled as text. */
const fillBody = (template: unknown, input: Input): unknown => {
  if (typeof template === 'string') {
    const whole = wholePlaceholder(template);
    return whole === undefined ? fillText(template, input, String) : (input[whole] ?? null);
  }
  if (Array.isArray(template)) return template.map((item) => fillBody(item, input));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fillBody(value, input)]));
};

/** Fills a declared call with a run's input, as data: percent-encoded in the address, typed in the body. */
export const fillCall = (call: HttpCall, input: Input): HttpRequest => ({
  method: call.method,
  url: fillText(call.url, input, addressSafe),
  headers: {
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...Object.fromEntries(
      Object.entries(call.headers).map(([name, value]) => [name, headerSafe(fillText(value, input, String))]),
    ),
  },
  body: call.body === undefined ? undefined : JSON.stringify(fillBody(call.body, input)),
});

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? Reflect.get(inner, key)
        : undefined,
    value,
  );

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const longestReply = 3000;

/** The declared reply: `{status}`, `{body}` and `{body.a.b}` come from the answer, other names from the input. */
const replyText = (
  template: string | undefined,
  input: Input,
  answer: { status: number; body: string },
): string => {
  if (template === undefined) return answer.body.slice(0, longestReply);
  const json = parsed(answer.body);
  const filled = template.replace(/\{([A-Za-z][\w.-]*)\}/g, (_, name: string) => {
    if (name === 'status') return String(answer.status);
    if (name === 'body') return answer.body;
    if (!name.startsWith('body.')) return textOf(input[name]);
    const found = at(json, name.split('.').slice(1));
    return found === undefined ? '' : typeof found === 'object' ? JSON.stringify(found) : String(found);
  });
  return filled.slice(0, longestReply);
};

const afterAnswer = (
  call: HttpCall,
  reply: string | undefined,
  run: Run,
  answer: { status: number; body: string },
): Effected => {
  const host = new URL(call.url.replace(placeholder, 'x')).host;
  if (answer.status >= 200 && answer.status < 300) {
    const outcome: Outcome = { text: replyText(reply, run.input, answer) };
    return { state: 'succeeded', outcome };
  }
  const outcome: Outcome = { because: `${host} answered ${answer.status}.`, text: answer.body.slice(0, 500) };
  // A fault on the other side of a write leaves open whether it was done.
  const open = answer.status >= 500 && call.method !== 'GET';
  return { state: open ? 'uncertain' : 'failed', outcome };
};

/** The declared address without its query, which nobody needs to see. */
const elsewhere = ({ method, url }: HttpCall): Effected => {
  const call = `${method} ${url.replace(/[?#].*$/s, '')}`;
  const because = `${call}: a value in its path is empty or holds a step such as "..", which would lead to another address. Nothing was done.`;
  return { state: 'failed', outcome: { because } };
};

/** A declared HTTP call as an effect, never to another address than the declared one. Only a GET is done again after a crash. */
export const httpEffect = (call: HttpCall, reply: string | undefined, send: SendHttp): Effect => ({
  repeatable: call.method === 'GET',
  do: async (run) => {
    const request = fillCall(call, run.input);
    if (!staysDeclared(call.url, request.url)) return elsewhere(call);
    return afterAnswer(call, reply, run, await send(request));
  },
});
