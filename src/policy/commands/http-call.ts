import type { HttpCall } from '../../core/command.ts';
import type { InputSpec } from '../../core/input.ts';
import { placeholder } from '../../core/placeholder.ts';
import { didYouMean, shown } from '../hints.ts';
import { allowOnly, type Reader } from './reader.ts';
import type { Tree } from './tree.ts';

const methods: readonly HttpCall['method'][] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const headerName = /^[A-Za-z0-9!#$%&'*+.^_|~-]+$/;
const framing = [
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'expect',
  'te',
  'trailer',
];
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** What is wrong with the placeholders of a text: inputs that do not exist, or may be absent. */
const placeholderProblem = (text: string, inputs: readonly InputSpec[]): string | undefined => {
  const names = inputs.map(({ name }) => name);
  for (const [whole, name = ''] of text.matchAll(placeholder)) {
    const input = inputs.find((one) => one.name === name);
    if (input === undefined) return `${whole} is no declared input${didYouMean(name, names)}`;
    if (!input.required && input.default === undefined)
      return `${whole} may be absent; give the input a default or make it required`;
  }
  return undefined;
};

const filledIn = (text: string): string => text.replace(placeholder, 'x');

/** The address as it is called is the address as it is written: without steps, and without what a URL parser changes into `/` or drops. */
const isStraight = (url: string): boolean =>
  !/[\\\p{Cc}]| $|\/(?:\.|%2e){1,2}(?=\/|$)/iu.test(url.replace(/[?#].*$/s, ''));

const urlProblem = (url: string, plainHttp: readonly string[]): string | undefined => {
  const authority = /^https?:\/\/([^/?#\\]+)/.exec(url)?.[1];
  if (authority === undefined || !URL.canParse(filledIn(url)))
    return `${shown(url)} must be a whole address such as https://example.com/v1`;
  if (/[{}@%\s]/.test(authority)) return 'the host is written out: no placeholder, no user name, no escapes';
  if (!isStraight(url))
    return 'write the path out: no step such as .., no \\, no line break, no blank at its end';
  const { protocol, hostname, host } = new URL(filledIn(url));
  if (protocol === 'https:' || loopback.test(hostname) || plainHttp.includes(host)) return undefined;
  return 'plain http is only for this machine; write https';
};

const readUrl = (reader: Reader, inputs: readonly InputSpec[], plainHttp: readonly string[]): string => {
  reader.require('url');
  const url = reader.text('url');
  if (url === undefined) return '';
  const problem = urlProblem(url, plainHttp) ?? placeholderProblem(url, inputs);
  if (problem !== undefined) reader.wrong('url', problem);
  return url;
};

const headerProblem = (name: string, value: string, inputs: readonly InputSpec[]): string | undefined => {
  if (!headerName.test(name)) return 'is no name of a header';
  if (framing.includes(name.toLowerCase())) return 'belongs to the connection and cannot be set';
  if (/[\r\n\0]/.test(value)) return 'a header is one line';
  return placeholderProblem(value, inputs);
};

const readHeaders = (reader: Reader, inputs: readonly InputSpec[]): Readonly<Record<string, string>> => {
  const table = reader.table('headers');
  const headers: [string, string][] = [];
  for (const name of table?.keys ?? []) {
    const value = table?.text(name);
    if (value === undefined) continue;
    const problem = headerProblem(name, value, inputs);
    if (problem !== undefined) table?.wrong(name, problem);
    headers.push([name, value]);
  }
  return Object.fromEntries(headers);
};

const asJson = (tree: Tree, check: (text: string, line: number) => void): unknown => {
  if (tree.kind === 'list') return tree.items.map((item) => asJson(item, check));
  if (tree.kind === 'table')
    return Object.fromEntries([...tree.entries].map(([key, entry]) => [key, asJson(entry.tree, check)]));
  if (typeof tree.value === 'string') check(tree.value, tree.line);
  return tree.value;
};

const readMethod = (reader: Reader): HttpCall['method'] => {
  const text = reader.text('method') ?? 'GET';
  const method = methods.find((one) => one === text);
  if (method === undefined) reader.wrong('method', `${shown(text)} must be one of ${methods.join(', ')}`);
  return method ?? 'GET';
};

/** One declared HTTP call. `plainHttp` names the hosts (`host:port`) that may be called without TLS beside this machine. */
export const readHttpCall = (
  reader: Reader,
  inputs: readonly InputSpec[],
  plainHttp: readonly string[],
): HttpCall => {
  allowOnly(reader, ['method', 'url', 'headers', 'body']);
  const method = readMethod(reader);
  const body = reader.tree('body');
  if (body !== undefined && (method === 'GET' || method === 'DELETE'))
    reader.wrong('body', `${method} has no body`);
  const check = (text: string, line: number): void => {
    const problem = placeholderProblem(text, inputs);
    if (problem !== undefined) reader.wrongAt(line, `direct.http.body: ${problem}`);
  };
  return {
    method,
    url: readUrl(reader, inputs, plainHttp),
    headers: readHeaders(reader, inputs),
    body: body === undefined ? undefined : asJson(body, check),
  };
};
