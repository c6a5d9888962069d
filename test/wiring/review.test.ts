import t from 'tap';
import { createPolicyThread } from '../../src/policy/review/in-thread.ts';
import { me, sha } from '../fakes/gitlab-reviews.ts';
import { createReviewedProject, filesOf, notes, readingThread, statuses } from './reviewed-project.ts';

const note = (letter: string, text: string): string =>
  `<!-- chatops-policy-review -->\n${sha(letter)}: ${text}`;

t.test('a merge request that cannot be merged into the policy is left alone', async (t) => {
  for (const [name, changes] of [
    ['closed', { state: 'closed' }],
    ['merged', { state: 'merged' }],
    ['into another branch', { target_branch: 'other' }],
    ['without a commit', { sha: null }],
    ['that does not exist', { iid: 4 }],
  ] as const) {
    const { fake, instance, looks, told } = await createReviewedProject(t);
    Object.assign(fake.mergeRequests[0] ?? {}, changes);
    const review = instance();
    review.hint(3);
    await review.settled();
    t.same([notes(fake), statuses(fake), looks, told], [[], [], ['not open'], []], name);
    t.equal(fake.count('POST', /./), 0);
  }
});

t.test('a GitLab that is away is said so once and asked again with the next hint', async (t) => {
  const { fake, instance, looks, told } = await createReviewedProject(t);
  const review = instance();
  fake.instead = ({ path }) => (path.endsWith('/merge_requests/3') ? { status: 500, body: {} } : undefined);
  review.hint(3);
  await review.settled();
  t.match(told, [/could not be reviewed; it is looked at again/]);
  t.same(looks, ['later']);
  fake.instead = () => undefined;
  review.hint(3);
  await review.settled();
  t.same(notes(fake), [note('a', 'more')]);
});

t.test('ten hints and two instances make one note and one status', async (t) => {
  const { fake, instance } = await createReviewedProject(t);
  const instances = [instance(), instance()];
  for (let at = 0; at < 10; at++) for (const review of instances) review.hint(3);
  await Promise.all(instances.map((review) => review.settled()));
  t.same(notes(fake), [note('a', 'more')]);
  const [made] = fake.notes.get(3) ?? [];
  t.ok(
    fake.statuses.every(
      ({ status, target_url }) => status === 'success' && target_url?.endsWith(`#note_${made?.id}`),
    ),
  );
  t.match(statuses(fake).at(-1), 'a chatops/policy success: says more');
  const writes = fake.seen.filter(({ method }) => method !== 'GET').length;
  for (const review of instances) review.hint(3);
  await Promise.all(instances.map((review) => review.settled()));
  t.equal(
    fake.seen.filter(({ method }) => method !== 'GET').length,
    writes,
    'what is right is not written again',
  );
});

t.test('a new commit changes the note and has a status of its own', async (t) => {
  const { fake, instance, commits } = await createReviewedProject(t);
  const review = instance();
  review.hint(3);
  await review.settled();
  commits.set(sha('c'), 'bad');
  Object.assign(fake.mergeRequests[0] ?? {}, { sha: sha('c') });
  review.hint(3);
  await review.settled();
  t.same(notes(fake), [note('c', 'bad')]);
  t.same(statuses(fake), ['a chatops/policy success: says more', 'c chatops/policy failed: says bad']);
});

t.test('a commit that comes while another is reviewed wins', async (t) => {
  const { fake, instance, commits, looks } = await createReviewedProject(t);
  const thread = readingThread();
  const { review: usual } = thread;
  let first = true;
  const review = instance({
    thread: {
      ...thread,
      review: async (task) => {
        if (first) {
          commits.set(sha('c'), 'newer');
          Object.assign(fake.mergeRequests[0] ?? {}, { sha: sha('c') });
        }
        first = false;
        return usual(task);
      },
    },
  });
  review.hint(3);
  await review.settled();
  t.same(looks, ['overtaken', 'reviewed']);
  t.same(notes(fake), [note('c', 'newer')], 'nobody saw the note of the older commit');
  t.equal(fake.count('PUT', /notes/), 0);
  t.same(statuses(fake), ['a chatops/policy success: says more', 'c chatops/policy success: says newer']);
});

t.test('a target branch that moves on is compared with anew', async (t) => {
  const { fake, instance, commits } = await createReviewedProject(t);
  const thread = readingThread();
  const review = instance({ thread });
  review.hint(3);
  await review.settled();
  review.hint(3);
  await review.settled();
  t.same(thread.reviewed, [sha('a')], 'the same is not reviewed again');
  fake.branches.set('main', sha('d'));
  commits.set(sha('d'), 'even less');
  review.sweep();
  await review.settled();
  t.same(thread.reviewed, [sha('a'), sha('a')]);
});

t.test('a merge request that leaves the policy as it is gets a status and no note', async (t) => {
  const { fake, instance, commits } = await createReviewedProject(t);
  commits.set(sha('a'), 'less');
  const review = instance();
  review.hint(3);
  await review.settled();
  t.same(notes(fake), []);
  t.same(statuses(fake), [
    'a chatops/policy success: The policy is the same with this merge request as without it',
  ]);
  fake.notes.set(3, [{ id: 1, body: note('e', 'old'), author: { id: me }, system: false }]);
  review.hint(3);
  await review.settled();
  t.match(notes(fake), [/the policy stays the same/], 'a note that was there no longer says otherwise');
});

t.test('a fork that does not let us set a status still gets its note', async (t) => {
  const { fake, instance, told } = await createReviewedProject(t);
  Object.assign(fake.mergeRequests[0] ?? {}, { source_project_id: 9 });
  fake.instead = ({ path }) =>
    path.startsWith('/api/v4/projects/9/')
      ? { status: 404, body: { message: '404 Project Not Found' } }
      : undefined;
  const review = instance();
  review.hint(3);
  await review.settled();
  review.hint(3);
  await review.settled();
  t.same(notes(fake), [note('a', 'more')]);
  t.same(statuses(fake), []);
  t.match(told, [/only the comment tells/], 'said once');
  t.equal(told.length, 1);
});

t.test('a thread that hangs is ended and the status says so', async (t) => {
  const { fake, instance } = await createReviewedProject(t);
  const entry = new URL('../policy/review/threads/hangs.ts', import.meta.url);
  const review = instance({ thread: createPolicyThread({ withinMs: 3000, heapMb: 100 }, entry) });
  review.hint(3);
  await review.settled();
  t.match(statuses(fake), [
    /^a chatops\/policy failed: The review could not be finished: it was not done after 3 s/,
  ]);
  t.match(notes(fake), [/could not be finished/]);
});

t.test('a gateway that stops leaves no verdict behind', async (t) => {
  const { fake, instance, told } = await createReviewedProject(t);
  const entry = new URL('../policy/review/threads/hangs.ts', import.meta.url);
  const review = instance({ thread: createPolicyThread({ withinMs: 60_000, heapMb: 100 }, entry) });
  review.hint(3);
  while (fake.statuses.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await review.close();
  t.same(notes(fake), []);
  t.same(statuses(fake), ['a chatops/policy running: The policy is being reviewed']);
  t.same(told, []);
  const next = instance();
  next.start();
  await next.settled();
  t.same(notes(fake), [note('a', 'more')], 'the next one finds it without a hint');
  t.same(statuses(fake), ['a chatops/policy success: says more']);
});

t.test('files that GitLab cannot give now are asked for again', async (t) => {
  const { fake, instance, told } = await createReviewedProject(t);
  let away = true;
  const review = instance({
    filesAt: async (_, __, commit) => {
      if (away) throw new Error('away');
      return filesOf(commit);
    },
  });
  review.hint(3);
  await review.settled();
  t.same([notes(fake), told.length], [[], 1]);
  away = false;
  review.start();
  await review.settled();
  t.equal(notes(fake).length, 1);
});

t.test('a note that is deleted and a status that is forged do not stay so', async (t) => {
  const { fake, instance } = await createReviewedProject(t);
  const review = instance({ sweepEveryMs: 20 });
  const until = async (test: () => boolean): Promise<void> => {
    while (!test()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  review.start();
  await until(() => fake.statuses.some(({ status }) => status === 'success'));
  fake.notes.set(3, []);
  const [first] = fake.statuses;
  if (first !== undefined)
    fake.statuses.push({ ...first, id: 900, author: { id: 8 }, description: 'trust me' });
  await until(() => notes(fake).length === 1 && !/trust me/.test(statuses(fake).at(-1) ?? ''));
  t.same(notes(fake), [note('a', 'more')]);
});
