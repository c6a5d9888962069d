/** Decoded fields of a request: strings, lists or nested records, as they came. */
export type Fields = Readonly<Record<string, unknown>>;

type Nested = Record<string, unknown>;

/**
 * Reads `a=1&list[]=x&map[KEY]=v&rows[][key]=k` the way Rack does: brackets nest, `[]` appends
 * (https://github.com/rack/rack/blob/main/lib/rack/query_parser.rb).
 */
export function parseForm(text: string): Fields {
  const root: Nested = empty();
  for (const [name, value] of new URLSearchParams(text)) {
    const [first = '', ...rest] = steps(name);
    if (first) put(root, first, rest, value);
  }
  return root;
}

/** A record without prototype, so that a field named `__proto__` is just a field. */
function empty(): Nested {
  const record: Nested = Object.create(null);
  return record;
}

function steps(name: string): string[] {
  const open = name.indexOf('[');
  if (open <= 0) return [name];
  const inner = [...name.slice(open).matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? '');
  // GitLab limits depth too (Rack: 32); deeper names are nobody's honest request.
  return [name.slice(0, open), ...inner.slice(0, 8)];
}

function put(target: Nested, key: string, rest: readonly string[], value: string): void {
  const [next, ...further] = rest;
  if (next === undefined) target[key] = value;
  else if (next === '') append(target, key, further, value);
  else {
    const inner = isRecord(target[key]) ? target[key] : empty();
    target[key] = inner;
    put(inner, next, further, value);
  }
}

function append(target: Nested, key: string, rest: readonly string[], value: string): void {
  const list: unknown[] = Array.isArray(target[key]) ? target[key] : [];
  target[key] = list;
  const [field, ...further] = rest;
  if (field === undefined) {
    list.push(value);
    return;
  }
  const last = list.at(-1);
  const row = isRecord(last) && !(field in last) ? last : empty();
  if (row !== last) list.push(row);
  put(row, field, further, value);
}

/** Whether a value is a record (not a list, not null). */
export function isRecord(value: unknown): value is Nested {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
