import type { MistakeCode } from './mistakes.ts';

/** What may stand behind the columns of a row: `reason=…`, `expires=<day>`. `expires` in Unix milliseconds. */
export interface Annotations {
  readonly reason?: string;
  readonly expires?: number;
}

const shape = /^(reason|expires)=(.*)$/s;
const dayMs = 86_400_000;
const longestReason = 300;

/** The end of that day in UTC; undefined when there is no such day. */
const endOfDay = (day: string): number | undefined => {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return undefined;
  const begin = Date.parse(`${day}T00:00:00Z`);
  // 31 February is read as a day in March by some: it must come back as it was written.
  const right = Number.isFinite(begin) && new Date(begin).toISOString().startsWith(day);
  return right ? begin + dayMs : undefined;
};

type Report = (text: string, code: MistakeCode) => void;

const readOne = (name: string, text: string, wrong: Report): Annotations => {
  if (name === 'reason') {
    if (text.trim() === '' || text.length > longestReason)
      wrong(`reason= needs a few words, at most ${longestReason} characters`, 'annotation');
    return { reason: text };
  }
  const expires = endOfDay(text);
  if (expires !== undefined) return { expires };
  wrong(
    `expires= needs a day such as 2027-01-31, this is ${JSON.stringify(text.slice(0, 60))}`,
    'annotation',
  );
  return {};
};

/** Takes the annotations from the end of a row. A field that is none is left as a column. */
export const readAnnotations = (
  fields: readonly string[],
  wrong: Report,
): { readonly columns: readonly string[]; readonly annotations: Annotations } => {
  const last = fields.findLastIndex((field) => !shape.test(field));
  const columns = fields.slice(0, last + 1);
  let annotations: Annotations = {};
  for (const field of fields.slice(last + 1)) {
    const [, name = '', text = ''] = shape.exec(field) ?? [];
    if (Object.hasOwn(annotations, name)) wrong(`${name}= stands there twice`, 'annotation');
    annotations = { ...annotations, ...readOne(name, text, wrong) };
  }
  return { columns, annotations };
};
