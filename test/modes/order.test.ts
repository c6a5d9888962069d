import t from 'tap';
import type { PipelineTarget } from '../../src/core/command.ts';
import { type Declared, orderFor } from '../../src/modes/order.ts';
import { run } from '../support/runs.ts';

const target = { project: 'ops/ansible', ref: 'main' };
const byInputs: PipelineTarget = { ...target, pass: 'inputs', variables: {} };
const byVariables: PipelineTarget = { ...target, pass: 'variables', variables: { LB_WEIGHT: 'weight' } };
const declared = (...names: readonly (readonly [string, string])[]): Declared => ({
  kind: 'declared',
  inputs: new Map(names.map(([name, type]) => [name, { type }])),
});
const own = [
  ['backend', 'string'],
  ['weight', 'number'],
  ['env', 'string'],
] as const;

const ordered = (...given: Parameters<typeof orderFor>) => {
  const answer = orderFor(...given);
  if (!answer.ok) throw new Error(answer.because);
  return answer.order;
};

t.test('an input that the target does not declare is not dropped: nothing is started', async (t) => {
  t.match(orderFor(run(), byInputs, declared(['backend', 'string']), 'ticket'), {
    ok: false,
    because: /does not declare weight, env/,
  });
  t.match(orderFor(run(), byInputs, { kind: 'none' }, 'ticket'), {
    ok: false,
    because: /does not declare backend, weight, env/,
  });
});

t.test('only what the target declares is sent', async (t) => {
  const order = ordered(
    run(),
    byInputs,
    declared(...own, ['chatops_run_id', 'string'], ['chat_user_id', 'string']),
    'ticket',
  );
  t.same(order, {
    runId: 'r0example',
    ...target,
    inputs: {
      backend: 'web',
      weight: 10,
      env: 'production',
      chatops_run_id: 'r0example',
      chat_user_id: 'UANA',
    },
    variables: [],
  });
});

t.test('a value takes the type that the target declares', async (t) => {
  const order = ordered(
    run(),
    byInputs,
    declared(['backend', 'string'], ['weight', 'string'], ['env', 'string']),
    'ticket',
  );
  t.equal(order.inputs.weight, '10');
});

t.test('a target that cannot be read gets what every target must declare', async (t) => {
  const order = ordered(run(), byInputs, { kind: 'unreadable', because: '404' }, 'ticket');
  t.same(Object.keys(order.inputs), ['backend', 'weight', 'env', 'chatops_run_id', 'chatops_ticket']);
});

t.test('a target without inputs is fine for a command without inputs', async (t) => {
  t.same(ordered(run({ input: {} }), byInputs, { kind: 'none' }, 'ticket').inputs, {});
});

t.test('as variables, everything travels under its fixed name', async (t) => {
  const { inputs, variables } = ordered(run(), byVariables, { kind: 'none' }, 'ticket');
  t.same(inputs, {});
  t.same(Object.fromEntries(variables.map(({ key, value }) => [key, value])), {
    CHATOPS_RUN_ID: 'r0example',
    CHATOPS_TICKET: 'ticket',
    CHAT_INPUT: 'web 10 --env=production',
    CHAT_CHANNEL: 'COPS',
    CHAT_USER_ID: 'UANA',
    INPUT_BACKEND: 'web',
    LB_WEIGHT: '10',
    INPUT_ENV: 'production',
  });
});
