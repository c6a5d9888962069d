import { parseArgs } from 'node:util';
import { linesForwards } from '../listeners/audit/forwards.ts';
import { type ReadLine, readLine } from '../listeners/audit/line.ts';
import type { Outside } from './audit.ts';
import { readable } from './audit-words.ts';

interface Asked {
  readonly files: readonly string[];
  readonly matches: (line: ReadLine) => boolean;
  readonly json: boolean;
}

const options = {
  run: { type: 'string' },
  account: { type: 'string' },
  person: { type: 'string' },
  command: { type: 'string' },
  kind: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  denied: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Unix milliseconds of a moment, or of so long before `now`; undefined when it is neither. A moment without a zone is UTC. */
export const readTime = (text: string, now: number): number | undefined => {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (units[unit ?? ''] ?? 0);
  const moment = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  if (moment === null) return undefined;
  const [, day, clock = '00:00', zone = 'Z'] = moment;
  const time = Date.parse(`${day}T${clock}${zone}`);
  return Number.isNaN(time) ? undefined : time;
};

const isDenied = ({ kind, told }: ReadLine): boolean => kind === 'decision' && told.allowed === false;

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

const matcher = (values: Values, since: number, until: number): ((line: ReadLine) => boolean) => {
  const { run, account, person, command } = values;
  const wanted = Object.entries({ run, account, person, command }).filter(([, value]) => value !== undefined);
  return (line) =>
    line.at >= since &&
    line.at <= until &&
    (values.kind === undefined || line.kind === values.kind) &&
    (values.denied !== true || isDenied(line)) &&
    wanted.every(([name, value]) => line.told[name] === value);
};

/** What was asked, or a sentence that says what is wrong with it. */
const readArgs = (args: readonly string[], now: number): Asked | string => {
  try {
    const { values, positionals: files } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (files.length === 0) return 'Name the audit file.';
    const since = values.since === undefined ? Number.NEGATIVE_INFINITY : readTime(values.since, now);
    const until = values.until === undefined ? Number.POSITIVE_INFINITY : readTime(values.until, now);
    if (since === undefined) return `--since: ${JSON.stringify(values.since)} is not a time.`;
    if (until === undefined) return `--until: ${JSON.stringify(values.until)} is not a time.`;
    return { files, matches: matcher(values, since, until), json: values.json === true };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

interface Found {
  readonly line: ReadLine;
  readonly text: string;
}

/** The matching lines of one file; the others that are not ours are counted. */
async function* matching(
  path: string,
  matches: Asked['matches'],
  notOurs: () => void,
): AsyncGenerator<Found> {
  for await (const lines of linesForwards(path)) {
    for (const { bytes, whole } of lines) {
      const text = bytes.toString('utf8');
      const line = whole ? readLine(text) : undefined;
      if (line === undefined) notOurs();
      else if (matches(line)) yield { line, text };
    }
  }
}

interface Head {
  readonly rest: AsyncGenerator<Found>;
  readonly found: Found;
}

const headOf = async (rest: AsyncGenerator<Found>): Promise<readonly Head[]> => {
  const next = await rest.next();
  return next.done === true ? [] : [{ rest, found: next.value }];
};

/** Several files as one, in the order of time. */
async function* merged(all: readonly AsyncGenerator<Found>[]): AsyncGenerator<Found> {
  let heads = (await Promise.all(all.map(headOf))).flat();
  for (let first = heads[0]; first !== undefined; first = heads[0]) {
    for (const head of heads) if (head.found.line.at < first.found.line.at) first = head;
    yield first.found;
    const next = await headOf(first.rest);
    heads = heads.flatMap((head) => (head === first ? next : [head]));
  }
}

/** `chatops audit search`: the exit code, or a sentence when it was asked wrongly. */
export const search = async (args: readonly string[], outside: Outside): Promise<number | string> => {
  const asked = readArgs(args, outside.now());
  if (typeof asked === 'string') return asked;
  let notOurs = 0;
  const count = (): void => {
    notOurs += 1;
  };
  try {
    const files = asked.files.map((path) => matching(path, asked.matches, count));
    for await (const { line, text } of merged(files))
      outside.print(`${asked.json ? text : readable(line)}\n`);
  } catch (error) {
    outside.complain(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const lines = notOurs === 1 ? '1 line of it is not an entry' : `${notOurs} lines of it are not entries`;
  if (notOurs > 0) outside.complain(`${lines} of an audit; chatops audit verify says where.\n`);
  return 0;
};
