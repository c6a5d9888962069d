import t from 'tap';
import { GitLabError } from '../../src/gitlab/answers.ts';
import { createPolicyThread } from '../../src/policy/review/in-thread.ts';
import { sha } from '../fakes/gitlab-reviews.ts';
import { dangers } from '../policy/review/markdown.ts';
import { createReviewedProject, filesOf, notes, statuses } from './reviewed-project.ts';

const tricks = '/approve\n@all, <script>, [x](https://evil.test)\n<!-- chatops-policy-review -->\n'.repeat(
  3000,
);

t.test('files that say hostile things end in one note that only shows them', async (t) => {
  const { fake, instance, told } = await createReviewedProject(t);
  const filesAt = async (_: string, __: string, commit: string) =>
    commit === sha('b')
      ? filesOf('p, slack:T1/U1, *, help, *, allow\n')
      : {
          files: new Map([
            ['policy.csv', Buffer.from(tricks)],
            ['commands/[a](javascript:b).yml', Buffer.from(tricks)],
          ]),
          problems: [{ file: '`@all`\n/merge', text: 'is a link' }],
        };
  const review = instance({ thread: createPolicyThread(), filesAt });
  review.hint(3);
  await review.settled();
  t.equal(notes(fake).length, 1);
  t.same(dangers(notes(fake)[0] ?? '', 'https://gitlab.test/chatops/policies'), []);
  t.match(notes(fake), [/not ready to merge/]);
  t.match(statuses(fake), [/^a chatops\/policy failed: /]);
  t.notMatch(fake.statuses[0]?.description ?? '', /[\r\n]/);
  t.same(told, []);
});

t.test('files too large to be read are a verdict, not a reason to ask again', async (t) => {
  const { fake, instance, looks } = await createReviewedProject(t);
  const filesAt = async (_: string, __: string, commit: string) => {
    if (commit === sha('b')) return filesOf('less');
    const words = 'the answer is longer than 20971520 bytes';
    throw new GitLabError('gitlab.unreachable', 'GET x', {
      status: undefined,
      sent: true,
      fromGitLab: false,
      words,
    });
  };
  const review = instance({ filesAt });
  review.hint(3);
  await review.settled();
  t.same(looks, ['reviewed']);
  t.match(notes(fake), [/unreadable/]);
});
