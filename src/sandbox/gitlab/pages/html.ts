/** Markup that is safe to send: made by `html`, which escapes every value put into it. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | null | undefined | false | readonly Part[];

/** Markup from a template; texts and numbers are escaped, `Html` stays, empty values vanish, lists are joined. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const pieces = strings.map((piece, at) => (at === 0 ? piece : `${shown(parts[at - 1])}${piece}`));
  return { markup: pieces.join('') };
}

/** A text with everything escaped that could end an element or an attribute value. */
export function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

function shown(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  if (isList(part)) return part.map(shown).join('');
  return part.markup;
}

function isList(part: Html | readonly Part[]): part is readonly Part[] {
  return Array.isArray(part);
}
