import t, { type Test } from 'tap';
import type { Typist } from '../support/slack-request.ts';
import { ana, bo, type Followed, startWatchedGateway } from '../support/watched-gateway.ts';

const gateway = await startWatchedGateway(t);

/** What the caller sees of an answer: every text of its blocks, one below the other. */
const seen = ({ answer }: Followed): string => {
  const { blocks } = JSON.parse(answer.text) as {
    blocks: readonly { text?: { text: string }; elements?: readonly { text: string }[] }[];
  };
  const texts = blocks.flatMap(({ text, elements }) => [text, ...(elements ?? [])]);
  return texts.map((each) => each?.text ?? '').join('\n');
};

/** Nothing but a line in the audit came of it. Every genuine request is remembered for a while, so that it is taken once. */
const onlyAudited = (t: Test, followed: Followed, entry: object): void => {
  const { answer, warned, stored, audited, pipelines } = followed;
  t.equal(answer.status, 200);
  t.match(JSON.parse(answer.text), { response_type: 'ephemeral' });
  t.match(audited, [entry]);
  t.equal(audited.length, 1);
  t.same({ warned, pipelines }, { warned: [], pipelines: 0 });
  t.equal(stored.length, 1);
  t.match(stored[0], /^\{chatops\}:first:/);
};

/** What was typed, the caret below it, what is wrong, and what is suggested. */
const misunderstood: Readonly<Record<string, readonly [string, string, RegExp, string | undefined]>> = {
  'a command that does not exist': ['lb wieght web 10', '^^^^^^^^^', /no command "lb wieght"/, '`lb weight`'],
  'a typo after run': ['run lb wieght web 10', '    ^^^^^^^^^', /no command "lb wieght"/, '`lb weight`'],
  'a command like none': ['frobnicate', '^^^^^^^^^^', /no command "frobnicate"/, undefined],
  'a value that is no option': ['lb weight wbe 10', '          ^^^', /must be one of web, api/, '`web`'],
  'an option of another script': [
    'lb weight 服务器 10',
    '          ^^^^^^',
    /must be one of web, api/,
    undefined,
  ],
  'a word for a number': ['lb weight web ten', '              ^^^', /must be a whole number/, undefined],
  'a number with a unit': ['lb weight web 10%', '              ^^^', /must be a whole number/, '`10`'],
  'a number with a fraction': ['lb weight web 1.5', '              ^^^', /must be a whole number/, undefined],
  'a number out of range': ['lb weight web 101', '              ^^^', /must be from 0 to 100/, undefined],
  'a value that is missing': ['lb weight web', '              ^', /needs weight: a whole number/, undefined],
  'an input that is misspelled': [
    'lb weight web 10 --evn=staging',
    '                 ^^^^^^^^^^^^^',
    /no input "evn"/,
    '`env`',
  ],
  'an input without its value': [
    'lb weight web 10 --env',
    '                 ^^^^^',
    /env has no value/i,
    undefined,
  ],
  'an input that is given twice': [
    'lb weight web 10 --env=staging --env=production',
    '                               ^^^^^^^^^^^^^^^^',
    /env is given twice/i,
    undefined,
  ],
  'a value too many': [
    'lb weight web 10 staging x',
    '                         ^',
    /one value too many/,
    undefined,
  ],
  'a quote that is never closed': ['lb weight "web 10', '          ^', /quote is never closed/, undefined],
};

for (const [name, [typed, caret, wrong, suggested]] of Object.entries(misunderstood)) {
  t.test(`${name}: the caller sees the line, the spot, and what is near`, async (t) => {
    const followed = await gateway.type(ana, typed);
    onlyAudited(t, followed, { kind: 'refused', because: 'not understood', account: 'slack:T1/UANA' });
    const said = seen(followed);
    t.ok(said.includes(`/chatops ${typed}\n         ${caret}\n`), said);
    t.match(said, wrong);
    t.match(said, 'Nothing was done');
    if (suggested === undefined) t.notMatch(said, 'Did you mean');
    else t.match(said, `Did you mean ${suggested}`);
  });
}

t.test('what is typed cannot write markup or call people in the answer', async (t) => {
  const said = seen(await gateway.type(ana, 'lb weight "&lt;!channel&gt; ``` *x*" 10'));
  t.notMatch(said, '<!channel>');
  t.equal(said.split('```').length, 3, 'the one code block is not left');
});

t.test('somebody who may not run a command is not told how it is used', async (t) => {
  const guest = { team: 'T1', user: 'UGUEST', channel: 'COPS' } as const;
  const followed = await gateway.type(guest, 'lb weight wbe');
  onlyAudited(t, followed, { kind: 'refused', account: 'slack:T1/UGUEST' });
  t.match(seen(followed), 'Not allowed');
  t.notMatch(seen(followed), /staging|one of web|backend/);
  const typo = await gateway.type(guest, 'lb wieght');
  t.notMatch(seen(typo), 'Did you mean', 'nor which commands there are');
});

const denied: Readonly<Record<string, readonly [Typist, string, RegExp, RegExp | undefined]>> = {
  'too much for a developer': [bo, 'lb weight web 26', /No rule allows/, /with weight &lt;= 25/],
  'production for a developer': [bo, 'lb weight web 5 production', /No rule allows/, /with env = staging/],
  'a developer where only SREs may': [
    { ...bo, channel: 'COPS' },
    'lb weight web 5',
    /No rule allows/,
    /with role sre|in <#CDEV>/,
  ],
  'an SRE against a rule that forbids': [
    ana,
    'lb weight web 51 --env=production',
    /A rule forbids `lb weight` when env = production and weight &gt; 50 \(policy\.csv:7\)/,
    undefined,
  ],
  'the same person in another workspace': [
    { ...ana, team: 'T2' },
    'lb weight web 5',
    /No rule allows/,
    undefined,
  ],
};

for (const [name, [by, typed, why, remedy]] of Object.entries(denied)) {
  t.test(`${name}: refused with the reason, for the caller only`, async (t) => {
    const followed = await gateway.type(by, typed);
    onlyAudited(t, followed, { kind: 'decision', purpose: 'run', allowed: false, run: null });
    t.match(seen(followed), 'Not allowed');
    t.match(seen(followed), why);
    if (remedy !== undefined) t.match(seen(followed), remedy);
    t.match(seen(followed), 'Nothing was done');
    t.equal(gateway.slack.messages.length, 0, 'nobody else hears of it');
  });
}

t.test('after all of this there is no run', async (t) => {
  t.same(await gateway.runs(), []);
  t.match(seen(await gateway.type(ana, 'runs')), 'No runs to show');
});
