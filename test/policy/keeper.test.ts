import t from 'tap';
import type { Membership } from '../../src/policy/compile.ts';
import type { FilesRead, PolicyFiles } from '../../src/policy/files.ts';
import { createPolicyKeeper, type Reloaded } from '../../src/policy/keeper.ts';
import { compileFiles, filesWith, links } from './fixtures.ts';

const lb = (caller: string, weight: number) => ({
  caller,
  channel: 'slack:T1/COPS',
  command: 'lb weight',
  input: { backend: 'web', weight, env: 'staging' },
});
const ana = 'slack:T1/UANA';

const allowing = (most: number): PolicyFiles =>
  filesWith(`${links}p, role:sre, *, lb weight, weight <= ${most}, allow\n`);
const broken = (number: number): PolicyFiles => filesWith(`${links}p, *, *, *, *, alow\n# ${number}\n`);

/** A folder that the test changes, and a record of what was told. */
const createFolder = (first: PolicyFiles) => {
  const folder = {
    content: (): FilesRead | Promise<FilesRead> => ({ ok: true, files: first }),
    told: [] as string[],
    changed: () => {},
    watching: false,
    put(files: PolicyFiles) {
      folder.content = () => ({ ok: true, files });
    },
  };
  const parts = {
    read: async () => folder.content(),
    compile: (files: PolicyFiles, memberships: readonly Membership[]) => compileFiles(files, memberships),
    told: (reloaded: Reloaded) => folder.told.push(reloaded.outcome),
    watch: (changed: () => void) => {
      folder.changed = changed;
      folder.watching = true;
      return {
        close() {
          folder.watching = false;
        },
      };
    },
  };
  return { folder, parts };
};

t.test('a first load with mistakes is refused with all of them', async (t) => {
  const { parts } = createFolder(broken(1));
  await t.rejects(createPolicyKeeper(parts), {
    code: 'policies.invalid',
    message: /policy\.csv:8: the effect is "alow"/,
  });
  const unreadable = { ...parts, read: async () => Promise.reject(new Error('no disk')) };
  await t.rejects(createPolicyKeeper(unreadable), { code: 'policies.invalid', message: /no disk/ });
});

t.test('a broken change keeps the last good policy and is reported until it is mended', async (t) => {
  const { folder, parts } = createFolder(allowing(25));
  const keeper = await createPolicyKeeper(parts);
  const { revision } = keeper.current();
  folder.put(broken(1));
  t.match(await keeper.reload(), { outcome: 'failing', mistakes: [{ file: 'policy.csv', line: 8 }] });
  await keeper.reload();
  t.strictSame(folder.told, ['failing'], 'told once');
  t.match(keeper.failing(), { stage: 'compile', mistakes: [{ file: 'policy.csv', line: 8 }] });
  t.equal(keeper.current().revision, revision);
  t.equal(keeper.current().decide(lb(ana, 25)).allowed, true);
  t.equal(keeper.current().decide(lb('slack:T1/UGUS', 25)).allowed, false);
  folder.content = () => Promise.reject(new Error('gone'));
  t.match(await keeper.reload(), { outcome: 'failing', mistakes: [{ text: 'gone' }] });
  folder.put(allowing(50));
  t.match(await keeper.reload(), { outcome: 'swapped' });
  t.equal(keeper.failing(), undefined);
  t.equal(keeper.current().decide(lb(ana, 50)).allowed, true);
  t.match(await keeper.reload(), { outcome: 'unchanged' });
  folder.put(broken(2));
  await keeper.reload();
  folder.put(allowing(50));
  t.match(await keeper.reload(), { outcome: 'unchanged' });
  t.equal(keeper.failing(), undefined, 'taken back');
  t.strictSame(folder.told, ['failing', 'failing', 'swapped', 'failing', 'unchanged']);
});

t.test('a compiler that throws changes nothing', async (t) => {
  const { folder, parts } = createFolder(allowing(25));
  let fails = false;
  const keeper = await createPolicyKeeper({
    ...parts,
    compile: (files, memberships) => {
      if (fails) throw new Error('a fault');
      return parts.compile(files, memberships);
    },
  });
  fails = true;
  folder.put(allowing(99));
  t.match(await keeper.reload(), { outcome: 'failing', mistakes: [{ text: 'a fault' }] });
  t.equal(keeper.current().decide(lb(ana, 99)).allowed, false);
});

t.test('memberships take effect also while newer files are broken', async (t) => {
  const csv = `${links}p, gitlab-group:ops/sre, *, lb weight, *, allow\ng, slack:T1/UGUS, gitlab:gus\n`;
  const { folder, parts } = createFolder(filesWith(csv));
  const keeper = await createPolicyKeeper({
    ...parts,
    memberships: [['gitlab:gus', 'gitlab-group:ops/sre']],
  });
  const gus = lb('slack:T1/UGUS', 5);
  t.equal(keeper.current().decide(gus).allowed, true);
  folder.put(broken(1));
  await keeper.reload();
  t.match(await keeper.setMemberships([]), { outcome: 'failing' }, 'the files still are');
  t.equal(keeper.current().decide(gus).allowed, false, 'no longer a member');
  t.match(await keeper.setMemberships([['gitlab:gus', 'ops']]), {
    outcome: 'failing',
    mistakes: [{ file: '(GitLab memberships)' }],
  });
  folder.put(filesWith(csv));
  await keeper.reload();
  t.match(
    keeper.failing(),
    { mistakes: [{ file: '(GitLab memberships)' }] },
    'mended files do not hide bad memberships',
  );
  await keeper.setMemberships([['gitlab:gus', 'gitlab-group:ops/sre']]);
  t.equal(keeper.failing(), undefined);
  t.equal(keeper.current().decide(gus).allowed, true);
});

t.test('who left a group is out at once, also while newer files are being read', async (t) => {
  const csv = `${links}p, gitlab-group:ops/sre, *, lb weight, weight <= 25, allow\ng, slack:T1/UGUS, gitlab:gus\n`;
  const { folder, parts } = createFolder(filesWith(csv));
  const keeper = await createPolicyKeeper({
    ...parts,
    memberships: [['gitlab:gus', 'gitlab-group:ops/sre']],
  });
  let come: (read: FilesRead) => void = () => undefined;
  folder.content = () =>
    new Promise((resolve) => {
      come = resolve;
    });
  const reloading = keeper.reload();
  await new Promise((done) => setImmediate(done));
  t.match(await keeper.setMemberships([]), { outcome: 'swapped' });
  t.equal(keeper.current().decide(lb('slack:T1/UGUS', 5)).allowed, false);
  come({ ok: true, files: filesWith(csv.replace('25', '50')) });
  t.match(await reloading, { outcome: 'swapped' });
  t.equal(
    keeper.current().decide(lb('slack:T1/UGUS', 5)).allowed,
    false,
    'nor do the newer files let them in',
  );
});

const away = (words: string): FilesRead => ({
  ok: false,
  away: true,
  stage: 'fetch',
  mistakes: [{ file: '.', line: 1, code: 'file', text: words }],
});

t.test('a source that is away is told once, and hides no mistake that is known', async (t) => {
  const { folder, parts } = createFolder(allowing(25));
  const keeper = await createPolicyKeeper(parts);
  for (const words of ['502', 'connection refused', '502']) {
    folder.content = () => away(words);
    t.match(await keeper.reload(), { outcome: 'failing', away: true });
  }
  t.strictSame(folder.told, ['failing'], 'once');
  t.match(keeper.failing(), { away: true });
  folder.put(allowing(25));
  await keeper.reload();
  t.equal(keeper.failing(), undefined);
  t.strictSame(folder.told, ['failing', 'unchanged']);
  folder.put(broken(1));
  await keeper.reload();
  folder.content = () => away('502');
  await keeper.reload();
  t.match(keeper.failing(), { stage: 'compile', mistakes: [{ line: 8 }] }, 'the mistake is still there');
  folder.put(broken(1));
  await keeper.reload();
  t.strictSame(folder.told, ['failing', 'unchanged', 'failing', 'failing'], 'and is not told anew');
  folder.put(allowing(50));
  t.match(await keeper.reload(), { outcome: 'swapped' });
  t.equal(keeper.failing(), undefined);
});

t.test('a hint reloads, closing stops watching', async (t) => {
  const { folder, parts } = createFolder(allowing(25));
  const keeper = await createPolicyKeeper(parts);
  folder.put(allowing(50));
  folder.changed();
  for (let left = 100; left > 0 && folder.told.length === 0; left--)
    await new Promise((done) => setImmediate(done));
  t.strictSame(folder.told, ['swapped']);
  keeper.close();
  t.equal(folder.watching, false);
});

t.test('no decision during many reloads is wrong', async (t) => {
  const { folder, parts } = createFolder(allowing(0));
  const keeper = await createPolicyKeeper(parts);
  const limits = new Map([[keeper.current().revision, 0]]);
  const counted = { decisions: 0, allowed: 0, failing: 0 };
  const decideSome = (): void => {
    for (let weight = 0; weight < 10; weight++) {
      const decision = keeper.current().decide(lb(ana, weight * 10));
      counted.decisions++;
      if (decision.allowed) counted.allowed++;
      const limit = limits.get(decision.revision);
      if (limit === undefined || decision.allowed !== weight * 10 <= limit)
        t.fail(`${decision.revision}: ${weight * 10}`);
      if (keeper.current().decide(lb('slack:T1/UGUS', 0)).allowed) t.fail('a stranger was allowed');
    }
  };
  for (let number = 1; number <= 100; number++) {
    const files = number % 10 === 0 ? broken(number) : allowing(number);
    if (number % 10 !== 0) limits.set(files.revision, number);
    folder.put(files);
    const reloading = keeper.reload();
    decideSome();
    const { outcome } = await reloading;
    if (outcome === 'failing') counted.failing++;
  }
  t.match(counted, { decisions: 1000, failing: 10 });
  t.ok(counted.allowed > 300, `${counted.allowed} allowed`);
});
