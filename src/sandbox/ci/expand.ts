/** One variable of a job before expansion: `raw` is never expanded itself, `file` holds a file's text. */
export interface Variable {
  readonly key: string;
  readonly value: string;
  readonly raw?: boolean;
  readonly file?: boolean;
}

const REFERENCES = /\$(?:\{([^}]*)\}|([A-Za-z_][A-Za-z0-9_]*)|([$*#@!?\-0-9]))/g;

/**
 * Puts values in for `$NAME` and `${NAME}`; `$$` becomes `$`, an unknown name nothing, any other `$` stays
 * (GitLab Runner expands with Go's `os.Expand`).
 */
export function expand(text: string, valueFor: (name: string) => string | undefined): string {
  return text.replace(REFERENCES, (_, braced?: string, bare?: string, special?: string) => {
    if (special === '$') return '$';
    return valueFor(braced ?? bare ?? special ?? '') ?? '';
  });
}

/** The expanded values, or the names that refer to each other in a circle. */
export type Expanded =
  | { readonly ok: true; readonly values: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly circle: readonly string[] };

/** Expands variables in each other, later ones of the same key winning; `pathOf` says where a file variable's file is. */
export function expandAll(variables: readonly Variable[], pathOf: (key: string) => string): Expanded {
  const byKey = new Map(variables.map((variable) => [variable.key, variable]));
  const done = new Map<string, string>();
  const open: string[] = [];
  let circle: readonly string[] | undefined;

  const valueFor = (key: string): string | undefined => {
    const variable = byKey.get(key);
    if (variable === undefined) return undefined;
    if (variable.file) return pathOf(key);
    if (variable.raw) return variable.value;
    const known = done.get(key);
    if (known !== undefined) return known;
    if (open.at(-1) === key) return variable.value;
    if (open.includes(key)) {
      circle ??= open.slice(open.indexOf(key));
      return '';
    }
    open.push(key);
    const value = expand(variable.value, valueFor);
    open.pop();
    done.set(key, value);
    return value;
  };

  const values = new Map([...byKey.keys()].map((key) => [key, valueFor(key) ?? '']));
  return circle ? { ok: false, circle } : { ok: true, values };
}
