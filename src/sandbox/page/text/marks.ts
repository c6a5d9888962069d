/** What a `<…>` reference, a piece of styled text or a plain run of characters means inside a line. */
export type Mark =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'strike'; readonly children: readonly Mark[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly label: string }
  | { readonly kind: 'person'; readonly id: string; readonly label: string }
  | { readonly kind: 'channel'; readonly id: string; readonly label: string }
  | { readonly kind: 'group'; readonly label: string }
  | {
      readonly kind: 'date';
      readonly unix: number;
      readonly format: string;
      readonly url: string;
      readonly fallback: string;
    }
  | { readonly kind: 'emoji'; readonly name: string; readonly glyph: string }
  | { readonly kind: 'break' };

/** A stretch of lines that is drawn as one thing. */
export type Passage =
  | { readonly kind: 'paragraph'; readonly children: readonly Mark[] }
  | { readonly kind: 'preformatted'; readonly text: string }
  | { readonly kind: 'quote'; readonly children: readonly Passage[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Mark[])[] }
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly Mark[] };

function markText(mark: Mark): string {
  switch (mark.kind) {
    case 'text':
    case 'code':
      return mark.text;
    case 'link':
      return mark.label;
    case 'person':
      return `@${mark.label || mark.id}`;
    case 'channel':
      return `#${mark.label || mark.id}`;
    case 'group':
      return mark.label;
    case 'date':
      return mark.fallback;
    case 'emoji':
      return mark.glyph;
    case 'break':
      return '\n';
    default:
      return plainMarks(mark.children);
  }
}

/** The characters of a line without their styling. */
export function plainMarks(marks: readonly Mark[]): string {
  return marks.map(markText).join('');
}

/** The characters of whole passages without their styling, one passage or list item per line. */
export function plainText(passages: readonly Passage[]): string {
  return passages
    .map((passage) => {
      if (passage.kind === 'preformatted') return passage.text;
      if (passage.kind === 'quote') return plainText(passage.children);
      if (passage.kind === 'list') return passage.items.map(plainMarks).join('\n');
      return plainMarks(passage.children);
    })
    .join('\n');
}
