import t from 'tap';
import type { Failing } from '../../src/policy/keeper.ts';
import { createPolicyNews } from '../../src/wiring/policy-news.ts';

const mistake = (text: string) => ({ file: 'policy.csv', line: 3, code: 'file' as const, text });
const lint = (text: string): Failing => ({ stage: 'lint', mistakes: [mistake(text)] });
const away = (text: string): Failing => ({ stage: 'fetch', mistakes: [mistake(text)], away: true });

const create = (post: () => Promise<boolean> = async () => true) => {
  const world = { posts: [] as string[], warned: [] as object[], failing: undefined as Failing | undefined };
  const hear = createPolicyNews({
    channel: 'C0OPS',
    post: async (channel, reply) => {
      world.posts.push(`${channel} ${JSON.stringify(reply)}`);
      return post();
    },
    failing: () => world.failing,
    log: { warn: (fields) => void world.warned.push(fields) },
  });
  return {
    world,
    fails: (failing: Failing) => {
      world.failing = failing;
      hear({ outcome: 'failing', ...failing });
    },
    swaps: (revision: string, still?: Failing) => {
      world.failing = still;
      hear({ outcome: 'swapped', revision });
    },
  };
};

t.test('new memberships do not pass for the end of a failure', async (t) => {
  const { world, fails, swaps } = create();
  fails(lint('wrong'));
  swaps('abc', lint('wrong'));
  t.equal(world.posts.length, 1);
  swaps('def');
  t.equal(world.posts.length, 2);
  t.match(world.posts[1], /in force again.*def/);
});

t.test('a failure that comes and goes with an outage is told once', async (t) => {
  const { world, fails, swaps } = create();
  for (const failing of [lint('one'), away('502'), lint('one'), away('timeout'), lint('one')]) fails(failing);
  t.equal(world.posts.length, 2);
  fails(lint('two'));
  t.equal(world.posts.length, 3, 'another is told');
  swaps('abc');
  fails(lint('one'));
  t.equal(world.posts.length, 5, 'and after the end it is told anew');
});

t.test('nobody is bothered with what goes well, nor where no channel is named', async (t) => {
  const { world, swaps } = create();
  swaps('abc');
  swaps('def');
  t.same(world.posts, []);
  const failing = () => undefined;
  const log = { warn: () => t.fail('warned') };
  const hear = createPolicyNews({ channel: undefined, post: async () => t.fail('posted'), failing, log });
  hear({ outcome: 'failing', ...lint('one') });
  createPolicyNews({ channel: 'C1', post: undefined, failing, log })({ outcome: 'failing', ...lint('one') });
});

t.test('a channel that cannot be told is in the log', async (t) => {
  for (const post of [async () => false, async () => Promise.reject(new Error('Slack is away'))]) {
    const { world, fails } = create(post);
    fails(lint('one'));
    await new Promise((done) => setImmediate(done));
    t.same(world.warned, [{ channel: 'C0OPS' }]);
  }
});

t.test('the stage and the first five mistakes are shown, and an outage as one', async (t) => {
  const { world, fails } = create();
  fails({ stage: 'cases', mistakes: Array.from({ length: 7 }, (_, at) => mistake(`no ${at}`)) });
  t.match(world.posts[0], /failed at.*cases.*policy\.csv:3.*no 4.*and 2 more/);
  t.notMatch(world.posts[0], /no 5/);
  fails(away('GitLab, GET x: 502'));
  t.match(world.posts[1], /GitLab cannot be asked.*GET x: 502/);
});
