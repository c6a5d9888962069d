import t from 'tap';
import { commandMatches, isCommandPattern } from '../../../src/policy/command-pattern.ts';
import { mistakesOf } from '../fixtures.ts';

const file = (name: string): string =>
  `name: ${name}\nsummary: s\nmode: wait\npipeline: { project: ops/x, ref: main }\n`;
const policy = 'p, role:sre, channels:ops, *, *, allow\n';

t.test('a command may be named like the job that GitLab ran', async (t) => {
  for (const name of ['deploy:prod', 'db_backup', 'release-1.2', 'group:job two']) {
    t.same(mistakesOf(policy, { 'commands/named.yml': file(name) }), [], name);
    t.ok(isCommandPattern(name), `${name} in a rule`);
  }
  t.ok(commandMatches('group:job two', 'group:job *'));
});

t.test('a word of a name begins with a letter or a digit', async (t) => {
  for (const name of ['.hidden', 'a :b', '_x', 'a --b', 'a/b', 'a*'])
    t.match(
      mistakesOf(policy, { 'commands/named.yml': file(JSON.stringify(name)) }).join(),
      /lowercase words/,
      name,
    );
});
