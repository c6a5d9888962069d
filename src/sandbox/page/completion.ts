/** A command that the page can offer. */
export interface Suggestion {
  readonly text: string;
  readonly hint: string;
}

const most = 8;

function words(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

function matches(typed: readonly string[], suggestion: Suggestion): boolean {
  const offered = words(`${suggestion.text} ${suggestion.hint}`);
  return typed.every((word) => offered.some((other) => other.startsWith(word)));
}

/**
 * What to offer while a command is typed: first what begins like it, then what contains its words in any order;
 * nothing when the text is no command or is already exactly the only offer.
 */
export function complete(typed: string, suggestions: readonly Suggestion[]): readonly Suggestion[] {
  if (!typed.startsWith('/')) return [];
  const start = words(typed).join(' ');
  const begins = (each: Suggestion) => words(each.text).join(' ').startsWith(start);
  const [command = '', ...rest] = words(typed);
  const other = (each: Suggestion) =>
    !begins(each) && rest.length > 0 && each.text.toLowerCase().startsWith(command) && matches(rest, each);
  const found = [...suggestions.filter(begins), ...suggestions.filter(other)].slice(0, most);
  return found.length === 1 && found[0]?.text === typed.trim() ? [] : found;
}

/** How many of the suggestion's first characters the visitor has typed already. */
export function sharedLength(typed: string, suggestion: string): number {
  const limit = Math.min(typed.length, suggestion.length);
  let length = 0;
  while (length < limit && typed[length]?.toLowerCase() === suggestion[length]?.toLowerCase()) length += 1;
  return length;
}

/** The next index in a ring of `count` entries; -1 (nothing chosen) is one of its places. */
export function step(index: number, by: 1 | -1, count: number): number {
  return ((index + 1 + by + count + 1) % (count + 1)) - 1;
}
