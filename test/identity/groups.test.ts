import t from 'tap';
import { createGroups, type MembershipRow } from '../../src/identity/groups.ts';

const createWorld = () => {
  let now = 0;
  let away = false;
  const members = new Map([
    ['ops/sre', ['ana']],
    ['app/dev', ['bo', 'cy']],
  ]);
  const told: (readonly MembershipRow[])[] = [];
  const problems: string[] = [];
  let wanted = ['gitlab-group:ops/sre', 'gitlab-group:app/dev'];
  const groups = createGroups({
    members: async (path) => {
      if (away) throw new Error('GitLab is away');
      return members.get(path) ?? [];
    },
    groups: () => wanted,
    onChange: async (rows) => void told.push(rows),
    now: () => now,
    everyMs: 60_000,
    keepForMs: 600_000,
    problem: (words) => void problems.push(words),
  });
  return {
    groups,
    members,
    told,
    problems,
    pass: (ms: number) => {
      now += ms;
    },
    away: (is: boolean) => {
      away = is;
    },
    want: (names: string[]) => {
      wanted = names;
    },
  };
};

t.test('the memberships are told when they are known, and again only when they change', async (t) => {
  const { groups, told, members } = createWorld();
  await groups.refresh();
  await groups.refresh();
  t.same(told, [
    [
      ['gitlab:ana', 'gitlab-group:ops/sre'],
      ['gitlab:bo', 'gitlab-group:app/dev'],
      ['gitlab:cy', 'gitlab-group:app/dev'],
    ],
  ]);
  members.set('ops/sre', []);
  await groups.refresh();
  t.same(told.at(-1), [
    ['gitlab:bo', 'gitlab-group:app/dev'],
    ['gitlab:cy', 'gitlab-group:app/dev'],
  ]);
});

t.test('while GitLab is away the last members stay, for a while; then nobody is in the group', async (t) => {
  const { groups, told, away, pass, problems } = createWorld();
  await groups.refresh();
  away(true);
  pass(599_000);
  await groups.refresh();
  t.equal(told.length, 1);
  pass(2_000);
  await groups.refresh();
  t.same(told.at(-1), []);
  t.match(problems.at(-1), /nobody is in it/);
});

t.test('a GitLab that is away at the start: nobody is in any group', async (t) => {
  const { groups, told, away } = createWorld();
  away(true);
  await groups.refresh();
  t.same(told, []);
});

t.test('a group that the policy no longer speaks of is forgotten', async (t) => {
  const { groups, told, want } = createWorld();
  await groups.refresh();
  want(['gitlab-group:ops/sre']);
  await groups.refresh();
  t.same(told.at(-1), [['gitlab:ana', 'gitlab-group:ops/sre']]);
});
