import type { AccessDiff } from '../access/diff.ts';
import { gatesHit, readGate } from '../access/gates.ts';
import { diffFrom } from '../access/later.ts';
import { diffAsMarkdown } from '../access/report.ts';
import { headlineOf } from '../access/words.ts';
import type { PolicyParts } from '../policy.ts';

/** What people gain and lose, or why that cannot be told. */
export type AccessPart =
  | {
      readonly kind: 'compared';
      readonly markdown: string;
      /** One line of plain text. */
      readonly words: string;
      /** What the gates forbid, in words. */
      readonly forbidden: readonly string[];
    }
  | { readonly kind: 'not compared'; readonly because: string };

/** Characters of a note that this part may take. */
const longest = 12_000;

const notCompared = (because: string): AccessPart => ({ kind: 'not compared', because });

const more = (count: number): string => (count === 0 ? '' : `\n\n… and ${count} more changes`);

/** As many changes as there is room for, the most dangerous first. */
const fitting = (diff: AccessDiff): string => {
  const { changes } = diff;
  for (let shown = changes.length; shown > 0; shown = Math.floor(shown / 2)) {
    const text = diffAsMarkdown({ diff: { ...diff, changes: changes.slice(0, shown) } });
    if (text.length <= longest) return `${text}${more(changes.length - shown)}`;
  }
  return changes.length === 0 ? diffAsMarkdown({ diff }) : `Too much to be shown here${more(changes.length)}`;
};

/** Gates that cannot be read forbid everything: whoever wrote one meant to hold something back. */
const forbiddenBy = (failOn: readonly string[], diff: AccessDiff): readonly string[] => {
  const unread = failOn.filter((text) => readGate(text) === undefined);
  const gates = failOn.flatMap((text) => readGate(text) ?? []);
  return [
    ...unread.map((text) => `the gate ${JSON.stringify(text)} cannot be read`),
    ...gatesHit(gates, diff),
  ];
};

/** Compares two policies as they are at that moment (Unix milliseconds). `none`: there was no policy; undefined: it has mistakes. */
export const compareAccess = (
  before: PolicyParts | 'none' | undefined,
  after: PolicyParts | undefined,
  now: number,
  failOn: readonly string[],
): AccessPart => {
  if (after === undefined)
    return notCompared('The policy has mistakes, so nobody can tell what it would allow.');
  if (before === undefined)
    return notCompared(
      'The policy on the target branch has mistakes itself, so there is nothing to compare with.',
    );
  const diff = diffFrom(before === 'none' ? undefined : before, after, now);
  return {
    kind: 'compared',
    markdown: fitting(diff),
    words: headlineOf(diff),
    forbidden: forbiddenBy(failOn, diff),
  };
};
