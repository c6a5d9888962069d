import { type Fetch, post, refused } from './post.ts';
import type { Sent, Sink, SinkLine } from './sink.ts';

/** Which index, and who may write there. */
export interface ElasticsearchSinkOptions {
  /** Address of the index, without a slash at the end. */
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly fetch: Fetch;
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * The line as a document. Values of people's input have no fixed type, which an index would refuse, so what is nested stands
 * as JSON text; the line itself is kept under the name of https://www.elastic.co/guide/en/ecs/current/ecs-event.html.
 */
const documentOf = ({ text }: SinkLine): string => {
  const told = Object.entries(parse(text) ?? {}).map(([name, value]) => [
    name === 'at' ? '@timestamp' : name,
    typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
  ]);
  return JSON.stringify({ ...Object.fromEntries(told), event: { original: text } });
};

const bulkOf = (lines: readonly SinkLine[]): string =>
  lines.map((line) => `${JSON.stringify({ create: { _id: line.id } })}\n${documentOf(line)}\n`).join('');

interface Item {
  readonly status: number;
  readonly reason: string;
}

const itemOf = (value: unknown): Item => {
  const { create } = (value ?? {}) as { create?: { status?: unknown; error?: { type?: unknown } } };
  const status = typeof create?.status === 'number' ? create.status : 500;
  return { status, reason: String(create?.error?.type ?? 'no reason given') };
};

/** 409: the document is there already. */
const isTaken = ({ status }: Item): boolean => status < 300 || status === 409;

/** Only a document itself can be wrong for good; rights, a missing index or a full disk can be mended. */
const isHopeless = ({ status }: Item): boolean => status === 400 || status === 413;

/** https://www.elastic.co/guide/en/elasticsearch/reference/current/docs-bulk.html */
const readItems = (text: string, lines: readonly SinkLine[]): Sent => {
  const { items } = (parse(text) ?? {}) as { items?: unknown };
  if (!Array.isArray(items) || items.length !== lines.length)
    return { sent: false, problem: 'it does not answer as _bulk does' };
  const read = items.map(itemOf);
  const later = read.filter((item) => !isTaken(item) && !isHopeless(item));
  if (later.length > 0)
    return {
      sent: false,
      problem: `${later.length} of ${read.length} documents are put off: ${later[0]?.status} ${later[0]?.reason}`,
    };
  const passedOver = read.flatMap((item, at) =>
    isTaken(item) ? [] : [`document ${lines[at]?.id} is refused with ${item.status}: ${item.reason}`],
  );
  return { sent: true, passedOver };
};

/** Creates a document for each line, named by the line's hash, so that one that comes again changes nothing. */
export const createElasticsearchSink = ({ url, apiKey, fetch }: ElasticsearchSinkOptions): Sink => ({
  name: 'elasticsearch',
  gatherMs: 250,
  send: async (lines, signal) => {
    const headers = {
      'content-type': 'application/x-ndjson',
      ...(apiKey === undefined ? {} : { authorization: `ApiKey ${apiKey}` }),
    };
    const posted = await post({ fetch, url: `${url}/_bulk`, headers, body: bulkOf(lines), signal });
    return posted.answered && posted.status === 200 ? readItems(posted.text, lines) : refused(url, posted);
  },
});
