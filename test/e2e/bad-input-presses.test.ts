import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { formOf, pressFields, signed, type Typist, unsigned } from '../support/slack-request.ts';
import { ana, bo, startWatchedGateway } from '../support/watched-gateway.ts';

const gateway = await startWatchedGateway(t);
const { secret, slack, gitlab } = gateway;
const path = '/slack/interactions';

const payload = (text: string) => gateway.send(signed(unsigned(formOf({ payload: text }), path), secret));

/** A press whose answer can be sent to the presser. */
const press = (by: Typist, actionId: string, value: string) => {
  const responseUrl = slack.responseUrl(by.channel, by.user);
  const form = formOf(pressFields({ ...by, responseUrl }, actionId, value));
  return gateway.send(signed(unsigned(form, path), secret));
};

/** What a person reads that nobody else does; waits for it. */
const toldTo = async (user: string, pattern: RegExp): Promise<string> => {
  for (;;) {
    const mine = slack.messages.filter(({ onlyFor }) => onlyFor === user);
    const found = mine.map(({ text }) => text).find((text) => pattern.test(text));
    if (found !== undefined) return found;
    await pause(20);
  }
};

const button = (fields: object): string => JSON.stringify({ type: 'block_actions', ...fields });
const who = { team: { id: 'T1' }, user: { id: 'UANA' }, channel: { id: 'COPS' } };
const cancel = { action_id: 'chatops.cancel', type: 'button' };

const malformed: Readonly<Record<string, string>> = {
  'a payload that is not JSON': '{"type":"block_actions"',
  'a payload that is a list': '[]',
  'a payload that is a word': '"block_actions"',
  'no payload': '',
  'a button without a run': button({ ...who, actions: [cancel] }),
  'a run id that is a path': button({ ...who, actions: [{ ...cancel, value: '../../runs:every' }] }),
  'a run id that is no text': button({ ...who, actions: [{ ...cancel, value: { $ne: '' } }] }),
  'a press by nobody': button({ ...who, user: {}, actions: [{ ...cancel, value: 'r1' }] }),
  'a press nowhere': button({ ...who, channel: null, actions: [{ ...cancel, value: 'r1' }] }),
};

for (const [name, text] of Object.entries(malformed)) {
  t.test(`${name} is answered 400 and leaves one line in the log`, async (t) => {
    const { answer, warned, ...left } = await payload(text);
    t.match(answer, { status: 400, type: /^application\/problem\+json/ });
    t.match(JSON.parse(answer.text), { code: 'request.malformed' });
    t.match(warned, [{ code: 'request.malformed', because: /./ }]);
    t.equal(warned.length, 1);
    t.same(left, { stored: [], audited: [], pipelines: 0 });
  });
}

t.test('a press that nobody signed is refused', async (t) => {
  const followed = await gateway.send(unsigned(formOf(pressFields(ana, 'chatops.cancel', 'r1')), path));
  t.match(followed.answer, { status: 401 });
  t.same([followed.stored, followed.audited, followed.warned.length], [[], [], 1]);
});

const ignored: Readonly<Record<string, string>> = {
  'a button of another app': 'approve',
  'a button that only opens a page': 'chatops-open.0',
};

for (const [name, actionId] of Object.entries(ignored)) {
  t.test(`${name} is answered 200 and does nothing`, async (t) => {
    const { answer, warned, audited, pipelines } = await press(ana, actionId, 'r1');
    t.match(answer, { status: 200, text: '' });
    t.same({ warned, audited, pipelines }, { warned: [], audited: [], pipelines: 0 });
    t.same([await gateway.runs(), slack.messages], [[], []]);
  });
}

t.test('a button of ours that does not exist: only the presser is told, and nothing is done', async (t) => {
  const { answer, audited, pipelines } = await press(ana, 'chatops.launch-missiles', 'r1');
  t.match([answer.status, answer.text], [200, '']);
  t.match(await toldTo('UANA', /button/), /does nothing any more/);
  t.same({ audited, pipelines }, { audited: [], pipelines: 0 });
});

t.test('the button of a run that never was: only the presser is told', async (t) => {
  const { answer, audited } = await press(ana, 'chatops.cancel', 'r0never');
  t.match([answer.status, answer.text], [200, '']);
  t.match(await toldTo('UANA', /no run/), /no run r0never that you can see here/);
  t.same(audited, []);
});

t.test("somebody else's run goes on, whoever presses its button", async (t) => {
  await gateway.type(ana, 'lb weight web 10');
  while (gitlab.pipelines.length === 0) await pause(20);
  const [runId = ''] = await gateway.runs();

  const elsewhere = await press(bo, 'chatops.cancel', runId);
  t.match(await toldTo('UBO', /no run/), 'that you can see here');
  t.notOk(elsewhere.audited.some(({ kind }) => kind === 'cancel'));

  const here = await press({ ...bo, channel: 'COPS' }, 'chatops.cancel', runId);
  t.match(await toldTo('UBO', /Not allowed/), 'No rule allows you lb weight here');
  t.match(
    here.audited.filter(({ kind }) => kind === 'decision'),
    [{ purpose: 'cancel', allowed: false, account: 'slack:T1/UBO' }],
  );

  const tenant = await press({ ...ana, team: 'T2' }, 'chatops.cancel', runId);
  t.notOk(
    tenant.audited.some(({ kind }) => kind === 'cancel'),
    'the same ids of another workspace',
  );
  t.match(gitlab.pipelines, [{ status: 'created' }]);

  await press(ana, 'chatops.cancel', runId);
  while (gitlab.pipelines[0]?.status !== 'canceled') await pause(20);
  t.equal(gitlab.pipelines.length, 1);
});

t.test('the very same press a second time is refused', async (t) => {
  const request = signed(unsigned(formOf(pressFields(ana, 'chatops.cancel', 'r0never')), path), secret);
  await gateway.send(request);
  const again = await gateway.send(request);
  t.match(again.answer, { status: 401 });
  t.match(again.warned, [{ code: 'request.replayed' }]);
  t.equal(again.warned.length, 1);
});
