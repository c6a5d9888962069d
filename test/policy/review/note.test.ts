import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { FilesRead } from '../../../src/policy/files.ts';
import {
  noteMarker,
  reviewAsMarkdown,
  unfinishedNote,
  unrelatedNote,
} from '../../../src/policy/review/note.ts';
import { reviewPolicies } from '../../../src/policy/review/review.ts';
import { about, bad, good } from './reviews.ts';
import { around, csv, more, policyWith } from './small-policy.ts';

const goldens = join(import.meta.dirname, '../../fixtures/policy-review');

/** What a whole review of real files says. */
const written = async (before: FilesRead, after: FilesRead): Promise<string> =>
  reviewAsMarkdown(
    await reviewPolicies({ ...around, before, after, now: () => around.now, clock: () => 0 }),
    about,
  );

t.test('notes as they are to be', async (t) => {
  const moved = { ...about, base: 'c'.repeat(40), folder: '', page: undefined };
  for (const [name, note] of [
    ['nothing-against-it', reviewAsMarkdown(good, about)],
    ['everything-against-it', reviewAsMarkdown(bad, about)],
    ['the-branch-has-moved-on', reviewAsMarkdown(good, moved)],
    ['without-cases', reviewAsMarkdown({ ...good, cases: undefined, mutants: undefined }, about)],
    ['a-developer-may-move-more', await written(policyWith(), policyWith({ 'policy.csv': more }))],
    [
      'a-case-fails',
      await written(
        policyWith({ 'policy.csv': more }),
        policyWith({ 'policy.csv': csv.replace('*, allow', '*, deny') }),
      ),
    ],
    ['could-not-be-finished', unfinishedNote(about, 'it was not done after 20 s and was ended')],
    ['the-policy-stays-the-same', unrelatedNote(about)],
  ] as const) {
    const file = join(goldens, `${name}.md`);
    if (process.env.TAP_SNAPSHOT === '1') writeFileSync(file, note);
    t.equal(note, readFileSync(file, 'utf8'), name);
    t.ok(note.startsWith(`${noteMarker}\n`));
  }
});
