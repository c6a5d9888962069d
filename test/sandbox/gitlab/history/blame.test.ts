import t from 'tap';
import { lastChange, mergeBase, mergeChanges } from '../../../../src/sandbox/gitlab/history/ancestors.ts';
import { blame } from '../../../../src/sandbox/gitlab/history/blame.ts';
import { createRepository } from '../../../../src/sandbox/gitlab/repository.ts';

const author = { name: 'Ana', email: 'ana@example.com' };

const create = () => createRepository(() => 0, author);

t.test('a file that is not there cannot be blamed', async (t) => {
  const repository = create();
  const commit = repository.commit('main', 'Nothing', {});
  t.equal(blame(repository, commit, 'a'), undefined);
});

t.test('each line is blamed on the commit that brought it, through a merge too', async (t) => {
  const repository = create();
  const first = repository.commit('main', 'First', { a: '1\n2\n3\n' });
  repository.branch('side', 'main');
  const side = repository.commit('side', 'Side', { a: '1\n2\nthree\n' });
  const main = repository.commit('main', 'Other file', { b: 'x\n' });
  const { changes, conflicts } = mergeChanges(repository, main, side);
  t.same([changes, conflicts], [{ a: '1\n2\nthree\n' }, []]);
  const merged = repository.merge('main', side, 'Merge', changes);
  t.same(merged.parents, [main.sha, side.sha]);
  const last = repository.commit('main', 'Last', { a: '0\n1\n2\nthree\n' });
  t.same(
    blame(repository, last, 'a')?.map(({ commit, lines }) => [commit.title, lines]),
    [
      ['Last', ['0']],
      ['First', ['1', '2']],
      ['Side', ['three']],
    ],
  );
  t.equal(lastChange(repository, merged, 'a').sha, side.sha);
  t.equal(lastChange(repository, last, 'b').sha, main.sha);
  t.equal(mergeBase(repository, main, side)?.sha, first.sha);
  t.same(
    repository.history(last).map(({ title }) => title),
    ['Last', 'Merge', 'Other file', 'Side', 'First'],
  );
});

t.test('what both sides changed differently is a conflict, what both did alike is none', async (t) => {
  const repository = create();
  repository.commit('main', 'First', { a: '1\n', b: '1\n', c: '1\n' });
  repository.branch('side', 'main');
  const side = repository.commit('side', 'Side', { a: '2\n', b: '2\n', c: null });
  const main = repository.commit('main', 'Main', { a: '3\n', b: '2\n' });
  t.same(mergeChanges(repository, main, side), { changes: { c: null }, conflicts: ['a'] });
});

t.test('a new branch does not move with the old one, and can be taken away', async (t) => {
  const repository = create();
  const first = repository.commit('main', 'First\n\nWith more to say', { a: '1\n' });
  t.same([first.title, first.message], ['First', 'First\n\nWith more to say']);
  repository.branch('side', 'main');
  repository.commit('main', 'Second', { a: '2\n' });
  t.equal(repository.find('side')?.sha, first.sha);
  repository.removeBranch('side');
  t.equal(repository.find('side'), undefined);
  t.equal(repository.find(first.sha)?.sha, first.sha, 'its commits stay');
  t.throws(() => repository.branch('x', 'side'), /no "side"/);
});
