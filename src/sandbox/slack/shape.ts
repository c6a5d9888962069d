/** Takes one fault: what is wrong, and where as a JSON pointer. */
export type Fault = (problem: string, at: string) => void;

/** Looks at one value and tells every fault it finds. */
export type Check = (value: unknown, at: string, fault: Fault) => void;

/** A JSON object; arrays and null are none. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A string of `min` to `max` characters. */
export function string(max: number, min = 1): Check {
  return (value, at, fault) => {
    if (typeof value !== 'string') return fault('must be a string', at);
    if (value.length < min) fault(`must be more than ${min - 1} characters`, at);
    if (value.length > max) fault(`must be less than ${max + 1} characters`, at);
  };
}

/** One of these very words. */
export function word(...words: readonly string[]): Check {
  return (value, at, fault) => {
    if (typeof value !== 'string' || !words.includes(value)) fault(`must be one of: ${words.join(', ')}`, at);
  };
}

/** True or false. */
export const flag: Check = (value, at, fault) => {
  if (typeof value !== 'boolean') fault('must be a boolean', at);
};

/** An array of `min` to `max` items, each passing `item`. */
export function list(item: Check, min: number, max: number): Check {
  return (value, at, fault) => {
    if (!Array.isArray(value)) return fault('must be an array', at);
    if (value.length < min) fault(`no fewer than ${min} items allowed`, at);
    if (value.length > max) fault(`no more than ${max} items allowed`, at);
    value.forEach((each, index) => {
      item(each, `${at}/${index}`, fault);
    });
  };
}

/** An object with these fields and no others. */
export function object(
  required: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): Check {
  return (value, at, fault) => {
    if (!isRecord(value)) return fault('must be an object', at);
    for (const name of Object.keys(required)) {
      if (value[name] === undefined) fault(`missing required field: ${name}`, at);
    }
    for (const [name, field] of Object.entries(value)) {
      const check = Object.hasOwn(required, name) ? required[name] : undefined;
      const known = check ?? (Object.hasOwn(optional, name) ? optional[name] : undefined);
      if (known === undefined) fault(`invalid additional property: ${name}`, at);
      else if (field !== undefined) known(field, `${at}/${name}`, fault);
    }
  };
}

/** An object whose `type` chooses the check. */
export function byType(checks: Readonly<Record<string, Check>>): Check {
  return (value, at, fault) => {
    if (!isRecord(value)) return fault('must be an object', at);
    const type = String(value.type);
    const check = Object.hasOwn(checks, type) ? checks[type] : undefined;
    if (check === undefined) return fault(`unsupported type: ${type}`, `${at}/type`);
    check(value, at, fault);
  };
}

/** Passes when every check passes. */
export function all(...checks: readonly Check[]): Check {
  return (value, at, fault) => {
    for (const check of checks) check(value, at, fault);
  };
}
