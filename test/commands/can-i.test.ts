import t from 'tap';
import { createCanI, type Provenance } from '../../src/commands/can-i.ts';
import type { PolicyInForce } from '../../src/core/built-in.ts';
import type { Decision, Rule } from '../../src/core/decision.ts';
import { pathAsText } from '../../src/policy/paths.ts';
import { links, policyWith } from '../policy/fixtures.ts';
import { builtInCall, linesOfReply } from '../support/built-in-call.ts';

const csv = `${links}p, role:sre, *, *, *, allow, "reason=they are on call", expires=2026-12-31
p, role:dev, *, lb weight, env = staging and weight <= 25, allow
p, role:dev, *, lb weight, weight = 0, allow
p, *, *, lb weight, weight > 90, deny
`;

const compiled = policyWith(csv);
const policy: PolicyInForce = {
  revision: compiled.revision,
  commands: compiled.commands,
  decide: compiled.decide,
  rolesOf: compiled.rolesOf,
  personOf: compiled.personOf,
  offered: (caller, channel) =>
    compiled.commands
      .map(({ name }) => name)
      .filter((command) => compiled.couldAllow({ caller, channel, command })),
  rulesFor: compiled.rulesFor,
  pathTo: (account, who) => pathAsText(account, compiled.pathTo(account, who)),
};

const world = (account: string, provenance?: Provenance, inForce: PolicyInForce = policy) => {
  const asked: string[] = [];
  const canI = createCanI(
    async ({ caller, channel }, { command, input, line }): Promise<Decision> => {
      asked.push(line);
      return inForce.decide({ caller: caller.account, channel: channel.id, command, input });
    },
    ['help', 'can-i'],
    provenance,
  );
  const ask = async (line: string) =>
    linesOfReply(
      await canI({ ...builtInCall(['can-i'], `can-i ${line}`.trim(), { account }), policy: inForce }),
    ).join('\n');
  return { asked, ask };
};

t.test('nothing asked, and something that is not understood', async (t) => {
  const { ask, asked } = world('slack:T1/UBO');
  t.match(await ask(''), /^Ask about a whole command/);
  t.match(await ask('lb weight web heavy'), /^Not understood/);
  t.match(await ask('help'), 'Yes: everybody may.');
  t.strictSame(asked, []);
});

t.test('a denial says what would help, what was given, and who could be asked', async (t) => {
  const { ask } = world('slack:T1/UBO');
  const said = await ask('lb weight web 60');
  t.match(said, /^Not allowed: lb weight web 60\n/);
  t.match(said, 'It would be allowed with weight <= 25 (you gave 60).');
  t.match(await ask('release v1'), 'It would be allowed with role sre: ask ana.');
});

t.test('a bare command says with which input it could be allowed, and asks nothing on record', async (t) => {
  const { ask, asked } = world('slack:T1/UBO');
  t.equal(
    await ask('lb weight'),
    [
      'Some: you may run lb weight here, depending on its input.',
      'With env = staging and weight <= 25 (policy.csv:9)',
      'With weight = 0 (policy.csv:10)',
      'Never with weight > 90 (policy.csv:11)',
      `Policy ${policy.revision}.`,
    ].join('\n'),
  );
  t.match(await world('slack:T1/UANA').ask('lb weight'), 'With any input (policy.csv:8)');
  t.match(await world('slack:T1/UGUS').ask('lb weight'), /^Not allowed: lb weight/);
  t.match(await ask('lb weight web'), /^Not understood/, 'a part of its input is not bare');
  t.strictSame(asked, []);
});

t.test('an allow: the rule, the way to it, reason, end, commit and merge request', async (t) => {
  const asked: (readonly [Rule, string])[] = [];
  const mergeRequest = { iid: 12, url: 'https://gitlab.example.com/12', title: 'On call' };
  const { ask } = world('slack:T1/UANA', async (rule, revision) => {
    asked.push([rule, revision]);
    return { commit: 'c0ffee'.repeat(7), mergeRequest };
  });
  t.equal(
    await ask('lb weight web 60'),
    [
      'Yes: you may run lb weight web 60 here.',
      `By the rule for role:sre (policy.csv:8), policy ${policy.revision}.`,
      'You are: slack:T1/UANA -> gitlab:ana (policy.csv:1) -> gitlab-group:ops/sre (policy.csv:2) -> role:sre (policy.csv:3)',
      'Reason: they are on call',
      'It ends after 2026-12-31 (UTC).',
      'It came with !12 On call (commit c0ffeec0ffee).',
    ].join('\n'),
  );
  t.match(asked, [[{ line: 8 }, policy.revision]]);
});

t.test('what is not known is left out', async (t) => {
  const { revision, commands, decide, rolesOf, personOf, offered } = policy;
  const least: PolicyInForce = { revision, commands, decide, rolesOf, personOf, offered };
  const { ask } = world('slack:T1/UANA', async () => ({ commit: 'c0ffee'.repeat(7) }), least);
  const said = await ask('lb weight web 60');
  t.notMatch(said, /You are/);
  t.match(said, /It came with commit c0ffeec0ffee\.$/);
  t.notMatch(await world('slack:T1/UANA').ask('lb weight web 60'), /It came/);
});
