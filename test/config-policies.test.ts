import t from 'tap';
import { readConfig } from '../src/config.ts';

const base = { ALLOW_MEMORY_STORE: '1', GITLAB_TOKEN: 'glpat-0000' };
const read = (env: Readonly<Record<string, string>>) => readConfig({ ...base, ...env }, () => '');

t.test('what is no project, branch and folder is refused with the form that would be right', async (t) => {
  for (const policies of [
    'gitlab:',
    'gitlab:chatops/policies',
    'gitlab:policies@main',
    'gitlab:chatops/policies@',
    'gitlab:chatops/policies@ma in',
    'gitlab:chatops/policies@main:../secrets',
    'gitlab:chatops/policies@main:a b',
    'gitlab:https://gitlab.com/chatops/policies@main',
  ])
    t.match(
      read({ POLICIES: policies }),
      { ok: false, problems: [/^POLICIES: .*gitlab:<group>\/<project>@<branch>/] },
      policies,
    );
});

t.test('the other settings are refused with what they may be', async (t) => {
  const table: readonly (readonly [string, string, RegExp])[] = [
    ['POLICIES_POLL', '0', /number of seconds/],
    ['POLICIES_POLL', '1m', /number of seconds/],
    ['POLICIES_REQUIRE', 'protected, merge', /"merge" is not one of protected, merged, other-merger/],
    ['OPS_CHANNEL', '#ops', /no channel's id/],
    ['OPS_CHANNEL', 'slack:T1/', /no channel's id/],
  ];
  for (const [name, value, expected] of table)
    t.match(read({ [name]: value }), { ok: false, problems: [expected] }, `${name}=${value}`);
});

t.test('a project, in full and with what is usual', async (t) => {
  t.match(read({ POLICIES: 'gitlab:chatops/policies@main' }), {
    config: {
      policyProject: {
        project: 'chatops/policies',
        ref: 'main',
        folder: '',
        cache: '.policies-cache',
        pollMs: 60_000,
        require: ['protected', 'merged', 'other-merger'],
      },
    },
  });
  const all = {
    POLICIES: 'gitlab:ops/infra/config@release/v1:chat/policies/',
    POLICIES_CACHE: '/var/lib/chatops',
    POLICIES_POLL: '15',
    POLICIES_REQUIRE: 'protected',
    OPS_CHANNEL: 'slack:T0TEAM/C0OPS',
  };
  t.match(read(all), {
    config: {
      opsChannel: 'C0OPS',
      policyProject: {
        project: 'ops/infra/config',
        ref: 'release/v1',
        folder: 'chat/policies',
        cache: '/var/lib/chatops',
        pollMs: 15_000,
        require: ['protected'],
      },
    },
  });
  t.match(read({ ...all, POLICIES_REQUIRE: 'nothing' }), { config: { policyProject: { require: [] } } });
});

t.test('a folder is none', async (t) => {
  const found = read({ POLICIES: 'policies' });
  t.equal(found.ok && found.config.policyProject, undefined);
});
