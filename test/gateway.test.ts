import t from 'tap';
import { explainProblem } from '../src/core/replies/explain-problem.ts';
import { createWorld, deploy, wordsOf } from './support/world.ts';

t.test('what is refused leaves nothing behind', async (t) => {
  const cases: readonly (readonly [string, string, string, RegExp])[] = [
    ['an unknown command', 'depoly web', 'UANA', /there is no command/i],
    ['a missing input', 'deploy', 'UANA', /needs service/i],
    ['one value too many', 'deploy web api', 'UANA', /one value too many/i],
    ['a caller whom no rule allows', 'deploy web', 'UBO', /Not allowed/],
    ['a caller whom no rule allows, with a mistake in the line', 'deploy', 'UBO', /Not allowed/],
  ];
  for (const [name, text, by, said] of cases) {
    await t.test(name, async (t) => {
      const world = createWorld();
      const reply = await world.type(text, by);
      t.match(wordsOf(reply), said);
      t.equal(reply?.audience, 'caller');
      t.same(await world.store.list({ limit: 10 }), []);
      t.same(world.wakes, []);
    });
  }
});

t.test('a denial tells the nearest rule and is on record', async (t) => {
  const world = createWorld();
  t.match(wordsOf(await world.type('deploy web', 'UBO')), /role sre/);
  t.match(world.audit, [
    { kind: 'decision', allowed: false, account: 'slack:T1/UBO', command: 'deploy', run: null },
  ]);
});

t.test('a person who may not run a command does not learn its usage from a typo', async (t) => {
  const world = createWorld();
  t.notMatch(wordsOf(await world.type('deplyo web', 'UBO')), /deploy/);
  t.match(wordsOf(await world.type('deplyo web', 'UANA')), /deploy/);
});

t.test(
  'a mistake in the line of a command that is closed to the caller is not answered with a rule about its input',
  async (t) => {
    const rule = {
      file: 'policy.csv',
      line: 9,
      who: '*',
      channel: '*',
      command: '*',
      condition: 'weight > 50',
      effect: 'deny',
    } as const;
    const denying = {
      ...createWorld().policy,
      offered: () => [],
      decide: () => ({ allowed: false, rule, near: [], revision: 'r' }) as const,
    };
    const caller = { account: 'slack:T1/UBO', name: 'Bo', person: undefined, roles: [] };
    const problem = { line: 'deploy', start: 0, end: 1, message: 'm', suggestions: [], command: deploy };
    const said = wordsOf(explainProblem(denying, caller, { id: 'slack:T1/C1', name: 'ops' }, problem));
    t.match(said, /No rule allows you/);
    t.notMatch(said, /weight/);
  },
);

t.test('an audit that cannot be written stops the command before anything exists', async (t) => {
  const world = createWorld();
  world.break('audit');
  await t.rejects(world.type('deploy web'), /disk is full/);
  t.same(await world.store.list({ limit: 10 }), []);
});

t.test('a store that cannot be reached stops the command', async (t) => {
  const world = createWorld();
  world.break('store');
  await t.rejects(world.type('deploy web'), /store is away/);
  t.same(world.wakes, []);
});

t.test('a store whose answer is lost is asked whether it took the command', async (t) => {
  const world = createWorld();
  world.break('answer of create');
  t.match(wordsOf(await world.type('deploy web')), /Accepted/);
  t.equal((await world.store.list({ limit: 10 })).length, 1);
  t.equal(world.wakes.length, 1);
});

t.test('a store that cannot even be asked: neither accepted nor refused is claimed', async (t) => {
  const world = createWorld();
  world.break('every answer of the store');
  await t.rejects(world.type('deploy web'), { code: 'accept.unknown' });
});

t.test('an allowed command is on record, then stored, then woken', async (t) => {
  const world = createWorld();
  const reply = await world.type('deploy web');
  t.match(wordsOf(reply), /Accepted/);
  const [run] = await world.store.list({ limit: 10 });
  t.match(run, {
    state: 'queued',
    command: 'deploy',
    input: { service: 'web' },
    line: 'deploy web',
    caller: { account: 'slack:T1/UANA' },
  });
  t.match(world.audit, [
    { kind: 'decision', allowed: true, run: run?.id, rule: { line: 3 }, revision: 'abc123' },
  ]);
  t.match(world.wakes, [{ runId: run?.id, afterMs: 0 }]);
});

t.test('the same delivery twice is one run', async (t) => {
  const world = createWorld();
  await world.type('deploy web', 'UANA', 'same');
  await world.type('deploy web', 'UANA', 'same');
  t.equal((await world.store.list({ limit: 10 })).length, 1);
});

t.test('a request that comes again calls nothing off, whatever fails', async (t) => {
  const breaks = ['audit', 'store', 'every answer of the store'] as const;
  for (const broken of breaks) {
    await t.test(broken, async (t) => {
      const world = createWorld();
      await world.type('deploy web', 'UANA', 'same');
      world.break(broken);
      await t.rejects(world.type('deploy web', 'UANA', 'same'), { code: 'accept.unknown' });
      world.break(undefined);
      t.match(await world.store.load('rsame'), { state: 'queued' });
      t.notOk(world.audit.some(({ kind }) => kind === 'refused'));
    });
  }
});

t.test('a limit per caller refuses the second run and says so', async (t) => {
  const world = createWorld();
  await world.type('ping');
  t.match(wordsOf(await world.type('ping')), /Too often/);
  t.equal((await world.store.list({ limit: 10 })).length, 1);
  world.pass(61_000);
  t.match(wordsOf(await world.type('ping --again')), /Accepted/);
});

t.test('a direct command answers with its result, and chat is not told twice', async (t) => {
  const world = createWorld();
  const reply = await world.type('flag');
  t.match(reply, { tone: 'good', audience: 'channel' });
  t.match(wordsOf(reply), /done/);
  t.same(world.shown, []);
  const [run] = await world.store.list({ limit: 1 });
  await world.worker.work(run?.id ?? '', true);
  t.same(world.shown, []);
});

t.test('a direct command that takes too long is accepted, and its result comes as a message', async (t) => {
  let finish: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const world = createWorld({
    direct: async (run) => {
      await slow;
      return { ...run, state: 'succeeded', outcome: { text: 'at last' }, dueAt: null };
    },
  });
  t.match(wordsOf(await world.type('flag')), /Accepted/);
  finish();
  await new Promise((resolve) => setImmediate(resolve));
  t.match(wordsOf(world.shown[0] ?? null), /at last/);
});

t.test('a run is shown where it was run, and to the one who ran it', async (t) => {
  const world = createWorld();
  await world.type('deploy web');
  const [run] = await world.store.list({ limit: 1 });
  t.match(wordsOf(await world.type(`run show ${run?.id}`, 'UBO')), /deploy web/);
  const elsewhere = {
    ...world.invocation(`run show ${run?.id}`, 'UBO'),
    channel: { id: 'slack:T1/C2', name: 'dev' },
  };
  t.match(wordsOf(await world.gateway.receive(elsewhere)), /no run/);
});

t.test('cancel', async (t) => {
  const world = createWorld();
  await world.type('deploy web');
  const [run] = await world.store.list({ limit: 1 });
  const id = run?.id ?? '';
  t.match(wordsOf(await world.type('cancel r-none')), /no run/);
  t.match(wordsOf(await world.type(`cancel ${id}`, 'UBO')), /Not allowed/);
  t.equal((await world.store.load(id))?.canceledBy, null, 'nothing happened');
  const speaker = { account: 'slack:T1/UANA', name: 'Ana' };
  const { channel, replyTo, receivedAt } = world.invocation('');
  const press = { delivery: 'p1', speaker, channel, action: 'cancel', runId: id, replyTo, receivedAt };
  t.equal(await world.gateway.press(press), null, 'the run’s own message tells it');
  t.match((await world.store.load(id))?.canceledBy, { account: 'slack:T1/UANA' });
  t.match(world.audit.at(-1), { kind: 'cancel', run: id });
  t.match(world.wakes.at(-1), { runId: id, urgent: true });
  t.match(wordsOf(await world.gateway.press({ ...press, action: 'unheard-of' })), /does nothing/);
});
