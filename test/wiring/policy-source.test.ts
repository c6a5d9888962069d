import t from 'tap';
import type { FilesRead, PolicyFiles } from '../../src/policy/files.ts';
import type { LastGood } from '../../src/policy/last-good.ts';
import { projectSource } from '../../src/wiring/policy-source.ts';

const hour = 3_600_000;
const config = {
  project: 'chatops/policies',
  ref: 'main',
  folder: '',
  cache: 'nowhere',
  pollMs: hour,
  require: [],
};
const version = (revision: string): PolicyFiles => ({ revision, files: new Map() });
const found = (revision: string): FilesRead => ({ ok: true, files: version(revision) });
const failed = (stage: 'fetch' | 'verify', away?: true): FilesRead => ({
  ok: false,
  stage,
  mistakes: [{ file: '.', line: 1, code: 'file', text: `${stage} said why` }],
  ...(away === undefined ? {} : { away }),
});

/** A project, a disk and a clock that the test sets. */
const createWorld = (kept: LastGood | string, answer: FilesRead) => {
  const world = {
    now: 100 * hour,
    answer,
    reads: 0,
    saves: [] as string[],
    diskIsFull: false,
    asked: [] as number[],
    errors: [] as string[],
    warnings: [] as object[],
  };
  const begin = () =>
    projectSource({
      config,
      read: async () => {
        world.reads++;
        return world.answer;
      },
      lastGood: {
        load: async () => kept,
        save: async ({ revision }, at) => {
          if (world.diskIsFull) throw new Error('the disk is full');
          world.saves.push(`${revision} ${at / hour}`);
        },
      },
      now: () => world.now,
      random: () => 0.5,
      asked: (at) => void world.asked.push(at / hour),
      log: {
        warn: (fields) => void world.warnings.push(fields),
        error: (_, words) => void world.errors.push(words),
      },
    });
  return { world, begin };
};

const old = { files: version('old'), at: 97 * hour };
const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

t.test('a start with neither project nor disk is refused with both reasons, after a few tries', async (t) => {
  const away = createWorld('nothing is kept in x', failed('fetch', true));
  await t.rejects(away.begin(), {
    code: 'policies.invalid',
    message:
      /chatops\/policies@main cannot be used \(fetch\), and nothing is kept in x:[\s\S]*fetch said why/,
  });
  t.equal(away.world.reads, 3);
  const wrong = createWorld('nothing is kept in x', failed('verify'));
  await t.rejects(wrong.begin(), { code: 'policies.invalid', message: /\(verify\)[\s\S]*verify said why/ });
  t.equal(wrong.world.reads, 1, 'asking again would not help');
});

t.test('a start from disk waits for no GitLab that is away, and writes nothing back', async (t) => {
  const { world, begin } = createWorld(old, failed('fetch', true));
  const source = await begin();
  t.equal(world.reads, 1);
  t.same(await source.read(), { ok: true, files: old.files });
  source.used(old.files);
  t.equal(source.oldSince(), old.at);
  t.match(world.warnings, [{ revision: 'old', stage: 'fetch' }]);
  t.match(await source.read(), { ok: false, away: true });
  t.same([world.saves, world.asked], [[], []], 'it was not asked with success');
  t.equal(source.oldSince(), old.at, 'still old');
});

t.test('what came from disk is no longer old once the project says the same', async (t) => {
  const { world, begin } = createWorld(old, failed('verify'));
  const source = await begin();
  await source.read();
  source.used(old.files);
  world.answer = found('old');
  await source.read();
  t.equal(source.oldSince(), undefined);
  t.same(world.saves, ['old 100'], 'and kept with today’s date');
});

t.test(
  'what stays in force is kept anew each hour, so that its age tells how long GitLab is away',
  async (t) => {
    const { world, begin } = createWorld('nothing', found('one'));
    const source = await begin();
    await source.read();
    source.used(version('one'));
    for (let minutes = 0; minutes < 150; minutes++) {
      world.now += 60_000;
      await source.read();
    }
    t.same(world.saves, ['one 100', 'one 101', 'one 102']);
    world.answer = found('two');
    world.now += 2 * hour;
    await source.read();
    t.equal(world.saves.length, 3, 'what is only found is not kept before it is in force');
    source.used(version('two'));
    t.match(world.saves.at(-1), /^two /);
  },
);

t.test('a disk that is full is told, and tried again at the next look', async (t) => {
  const { world, begin } = createWorld('nothing', found('one'));
  world.diskIsFull = true;
  const source = await begin();
  await source.read();
  source.used(version('one'));
  await settled();
  t.match(world.errors, [/could not be kept on disk/]);
  world.diskIsFull = false;
  await source.read();
  t.same(world.saves, ['one 100']);
  t.same(world.asked, [100, 100]);
});
