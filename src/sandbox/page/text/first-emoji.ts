import type { Mark } from './marks.ts';
import { readMrkdwn } from './mrkdwn.ts';

function inMarks(marks: readonly Mark[]): string | undefined {
  for (const mark of marks) {
    if (mark.kind === 'emoji') return mark.name;
    const inner = 'children' in mark ? inMarks(mark.children) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** The first emoji of a text's first line, which by this app's habit says how things stand. */
export function firstEmoji(text: string): string | undefined {
  const line = text.slice(0, 300).split('\n', 1)[0] ?? '';
  const [passage] = readMrkdwn(line);
  return passage?.kind === 'paragraph' ? inMarks(passage.children) : undefined;
}
