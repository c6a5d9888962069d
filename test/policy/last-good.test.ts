import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { createLastGood, type LastGoodStore } from '../../src/policy/last-good.ts';

const source = 'https://gitlab.test gitlab:chatops/policies@main';
const secret = 'a secret of the gateway';
const name = 'last-good-policy.json';

const version = (revision: string) => ({
  revision,
  files: new Map([
    ['policy.csv', `# ${revision} "quoted", 加\n`],
    ['commands/a.yml', `name: ${revision}\n`],
  ]),
});

const revisionIn = async (store: LastGoodStore): Promise<string> => {
  const kept = await store.load();
  return typeof kept === 'string' ? `nothing: ${kept}` : kept.files.revision;
};

t.test('what was kept for another source, by another gateway, or was changed, is not used', async (t) => {
  const folder = t.testdir();
  const path = join(folder, name);
  await createLastGood(folder, source, secret).save(version('one'), 7);
  for (const [why, store, words] of [
    ['another branch', createLastGood(folder, `${source}x`, secret), /is of https:\/\/gitlab\.test/],
    ['another GitLab', createLastGood(folder, source.replace('test', 'com'), secret), /is of/],
    ['another secret', createLastGood(folder, source, 'x'), /another SIGNING_KEY or GITLAB_TOKEN/],
    ['another folder', createLastGood(join(folder, 'none'), source, secret), /nothing is kept/],
  ] as const) {
    t.match(await store.load(), words, why);
  }
  const whole = readFileSync(path, 'utf8');
  const [seal = '', content = ''] = whole.split('\n');
  for (const [why, text] of [
    ['a changed rule', whole.replace('# one', '# two')],
    ['a changed revision', whole.replace('"revision":"one"', '"revision":"two"')],
    ['a changed moment', whole.replace('"at":7', '"at":8')],
    ['a seal that is no text of hex', `zz\n${content}\n`],
    ['a shorter seal', `${seal.slice(0, 32)}\n${content}\n`],
    ['no seal', `\n${content}\n`],
    ['half of it', whole.slice(0, 100)],
    ['nothing', ''],
    ['bytes that are no text', '\0\0\0'],
  ] as const) {
    writeFileSync(path, text);
    t.match(await createLastGood(folder, source, secret).load(), /was changed/, why);
  }
});

t.test('no byte of it can be changed without that being seen', async (t) => {
  const folder = t.testdir();
  const store = createLastGood(folder, source, secret);
  await store.save(version('one'), 7);
  const path = join(folder, name);
  const whole = readFileSync(path);
  const at = fc.nat({ max: whole.length - 1 });
  const changed = async (place: number, byte: number): Promise<void> => {
    const copy = Buffer.from(whole);
    copy[place] = byte;
    writeFileSync(path, copy);
    const kept = await store.load();
    if (typeof kept !== 'string') t.same(kept, { files: version('one'), at: 7 }, 'nothing was changed');
  };
  await fc.assert(fc.asyncProperty(at, fc.integer({ min: 0, max: 255 }), changed), { numRuns: 500 });
});

t.test('what cannot be written is told, and what was kept before stays', async (t) => {
  const folder = join(t.testdir({ cache: {} }), 'cache');
  const store = createLastGood(folder, source, secret);
  await store.save(version('one'), 1);
  renameSync(folder, `${folder}-aside`);
  writeFileSync(folder, 'a file where the folder was');
  await t.rejects(store.save(version('two'), 2), { code: /ENOTDIR|EEXIST/ });
  rmSync(folder);
  renameSync(`${folder}-aside`, folder);
  t.equal(await revisionIn(store), 'one');
  await store.save(version('three'), 3);
  t.equal(await revisionIn(store), 'three', 'a failure does not end the keeping');
});

t.test('of many at once the last stays, and nothing else is left behind', async (t) => {
  const folder = join(t.testdir(), 'made', 'for it');
  const one = createLastGood(folder, source, secret);
  const revisions = Array.from({ length: 30 }, (_, at) => `r${at}`);
  await Promise.all(revisions.map((revision, at) => one.save(version(revision), at)));
  t.equal(await revisionIn(one), 'r29');
  t.same(readdirSync(folder), [name]);
});

t.test('a reader beside two writers always finds a whole one', async (t) => {
  const folder = t.testdir();
  const [one, other] = [createLastGood(folder, source, secret), createLastGood(folder, source, secret)];
  await one.save(version('first'), 0);
  let writing = true;
  const writes = Promise.all(
    [one, other].map(async (store, who) => {
      for (let at = 0; at < 20; at++) await store.save(version(`w${who}-${at}`), at);
    }),
  ).finally(() => {
    writing = false;
  });
  let reads = 0;
  while (writing) {
    const found = await revisionIn(other);
    if (!/^(first|w[01]-\d+)$/.test(found)) t.fail(found);
    reads++;
  }
  await writes;
  t.ok(reads > 5, `${reads} reads`);
  t.match(await revisionIn(one), /^w[01]-19$/);
});

t.test('it comes back as it was, for the eyes of the gateway only', async (t) => {
  const folder = join(t.testdir(), 'cache');
  const store = createLastGood(folder, source, secret);
  t.match(await store.load(), /nothing is kept in/);
  await store.save(version('one'), 1234);
  t.same(await createLastGood(folder, source, secret).load(), { files: version('one'), at: 1234 });
  t.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
  t.equal(statSync(folder).mode & 0o777, 0o700);
});
