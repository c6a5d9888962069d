/** Says whether a path (from the project's root, with `/`) is meant by one of the patterns or lies below one of them; `*`, `**` and `?` count. */
export function matchesAny(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => toRegExp(pattern).test(path));
}

function toRegExp(pattern: string): RegExp {
  const clean = pattern.replace(/^\.?\/+/, '').replace(/\/+$/, '');
  if (clean === '' || clean === '.') return /^/;
  const body = clean.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (sign) => {
    if (sign === '**/') return '(?:.*/)?';
    if (sign === '**') return '.*';
    if (sign === '*') return '[^/]*';
    return sign === '?' ? '[^/]' : `\\${sign}`;
  });
  return new RegExp(`^${body}(?:/.*)?$`);
}
