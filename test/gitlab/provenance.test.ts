import t from 'tap';
import { createProvenance, type Line } from '../../src/gitlab/provenance.ts';

const line: Line = { project: 'ops/policies', path: 'policies/policy.csv', sha: 'a'.repeat(40), line: 7 };
const merged = { iid: 12, state: 'merged', web_url: 'https://gitlab.example.com/12', title: 'More for Bo' };

/** A GitLab that knows one line, and what it was asked. A wait lasts until the test ends it. */
const createWorld = (
  mergeRequests: unknown,
  blamed: unknown = [{ commit: { id: 'c0ffee' }, lines: ['p'] }],
) => {
  const world = { asked: [] as string[], blamed, answers: true, late: () => {} };
  const gone = () => Promise.reject(new Error('unreachable'));
  const gitlab = {
    RepositoryFiles: {
      show: gone,
      showRaw: gone,
      allFileBlames: async (...all: readonly unknown[]) => {
        world.asked.push(JSON.stringify(all));
        if (!world.answers)
          await new Promise<void>((answer) => {
            world.late = answer;
          });
        if (world.blamed instanceof Error) throw world.blamed;
        return world.blamed;
      },
    },
    Commits: {
      allStatuses: gone,
      editStatus: gone,
      allMergeRequests: async (...all: readonly unknown[]) => {
        world.asked.push(JSON.stringify(all));
        return mergeRequests;
      },
    },
  };
  const wait = (_: number, signal: AbortSignal) =>
    world.answers
      ? new Promise<void>((done) => signal.addEventListener('abort', () => done()))
      : Promise.resolve();
  return { world, ask: createProvenance({ gitlab, wait }) };
};

t.test('what GitLab cannot tell is left out, and asked again', async (t) => {
  for (const blamed of [new Error('503'), 'hello', [], [{ lines: [] }], [{ commit: { id: 4 } }]]) {
    const { world, ask } = createWorld([merged], blamed);
    t.equal(await ask(line), undefined);
    world.blamed = [{ commit: { id: 'c0ffee' } }];
    t.match(await ask(line), { commit: 'c0ffee', mergeRequest: { iid: 12 } });
  }
});

t.test('an answer that takes too long is left out, and kept for the next who asks', async (t) => {
  const { world, ask } = createWorld([merged]);
  world.answers = false;
  t.equal(await ask(line), undefined);
  world.answers = true;
  world.late();
  t.match(await ask(line), { commit: 'c0ffee' });
  t.equal(world.asked.length, 2, 'not asked twice');
});

t.test('only a merged merge request counts', async (t) => {
  const open = { ...merged, state: 'opened' };
  t.strictSame(await createWorld([]).ask(line), { commit: 'c0ffee' });
  t.strictSame(await createWorld([open]).ask(line), { commit: 'c0ffee' });
  t.equal(await createWorld({ message: '404' }).ask(line), undefined);
});

t.test('the commit and the merge request of one line, asked once for each line and commit', async (t) => {
  const { world, ask } = createWorld([{ ...merged, state: 'opened' }, merged]);
  const { web_url: url, title } = merged;
  t.strictSame(await ask(line), { commit: 'c0ffee', mergeRequest: { iid: 12, url, title } });
  await ask(line);
  t.strictSame(world.asked, [
    JSON.stringify(['ops/policies', 'policies/policy.csv', line.sha, { range: { start: 7, end: 7 } }]),
    JSON.stringify(['ops/policies', 'c0ffee']),
  ]);
  await ask({ ...line, line: 8 });
  await ask({ ...line, sha: 'b'.repeat(40) });
  t.equal(world.asked.length, 6);
});
