/** Compiles a pattern of RE2's syntax; undefined when it is invalid or holds what RE2 lacks (look-around, back-references). */
export function compilePattern(source: string, flags: string): RegExp | undefined {
  if (/\(\?<?[=!]|\\[1-9]/.test(source) || /[^ims]/.test(flags)) return undefined;
  const inline = /^\(\?([ims]+)\)/.exec(source);
  const all = new Set([...flags, ...(inline?.[1] ?? '')]);
  const body = source
    .slice(inline?.[0].length ?? 0)
    .replace(/\\A/g, '^')
    .replace(/\\[zZ]/g, '$');
  try {
    return new RegExp(body, [...all].join(''));
  } catch {
    return undefined;
  }
}
