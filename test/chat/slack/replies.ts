import type { Phase } from '../../../src/core/pipelines.ts';
import { runReply } from '../../../src/core/replies/run-reply.ts';
import { typedTwiceReply } from '../../../src/core/replies/typed-twice.ts';
import type { Line, Part, Reply, Tone } from '../../../src/core/reply.ts';
import type { Run } from '../../../src/core/run.ts';
import { run, view } from '../../support/runs.ts';

const started = Date.UTC(2026, 10, 21, 8, 30);
const ana = { account: 'slack:T0SANDBOX/U0ANA', name: 'Ana' } as const;
const pipeline = 'http://127.0.0.1:3001/ops/ansible/-/pipelines/8841';

const code = (text: string) => ({ text, style: 'code' }) as const;
const footer: Part = {
  part: 'footer',
  line: [
    ana,
    { text: ' · ' },
    { moment: started },
    { text: ' · run ' },
    code('r7k2p9'),
    { text: ' · policy ab12cd3' },
  ],
};

const cancel: Part = {
  part: 'buttons',
  buttons: [
    {
      action: 'cancel',
      runId: 'r7k2p9',
      label: 'Cancel',
      tone: 'danger',
      confirm: {
        title: 'Cancel this run?',
        text: 'lb weight web 10: the pipeline stops where it is. What it changed so far stays changed.',
        yes: 'Cancel the run',
        no: 'Let it go on',
      },
    },
  ],
};

const reply = (tone: Tone, title: Line, parts: readonly Part[], more: Partial<Reply> = {}): Reply => ({
  tone,
  title,
  parts,
  audience: 'channel',
  final: true,
  ...more,
});

const job = (name: string, phase: Phase, seconds: number | null) => ({
  name,
  phase,
  seconds,
  link: `http://127.0.0.1:3001/ops/ansible/-/jobs/${name.length}`,
});

const openPipeline: Part = { part: 'links', links: [{ label: 'Pipeline 8841', url: pipeline }] };

/** A run that was typed at `started` and is typed again 12 s later. */
const typedTwice = (given: Partial<Run>): Reply =>
  typedTwiceReply(run({ createdAt: started, changedAt: started, ...given }), started + 12_000);

/** Replies as people meet them, by what happened. */
export const replies: Readonly<Record<string, Reply>> = {
  accepted: reply('busy', [code('lb weight web 10'), { text: ' accepted' }], [footer], {
    audience: 'caller',
    final: false,
  }),
  running: reply(
    'busy',
    [code('lb weight web 10'), { text: ' running' }, { text: ' · 2 of 4 stages', style: 'quiet' }],
    [
      {
        part: 'stages',
        stages: [
          {
            name: 'check',
            phase: 'succeeded',
            jobs: [job('lint', 'succeeded', 8), job('dry-run', 'succeeded', 42)],
          },
          { name: 'apply', phase: 'going', jobs: [job('apply', 'going', 64)] },
          {
            name: 'verify',
            phase: 'pending',
            jobs: [job('smoke', 'pending', null), job('metrics', 'warned', 3)],
          },
          { name: 'notify', phase: 'pending', jobs: [] },
        ],
      },
      openPipeline,
      cancel,
      footer,
    ],
    { final: false },
  ),
  succeeded: reply(
    'good',
    [code('lb weight web 10'), { text: ' succeeded in 3m 04s' }],
    [
      { part: 'code', text: 'web-1  weight 50 -> 10\nweb-2  weight 50 -> 10\n2 hosts changed' },
      openPipeline,
      footer,
    ],
  ),
  failed: reply(
    'bad',
    [code('lb weight web 10'), { text: ' failed at ' }, { text: 'apply' }],
    [
      {
        part: 'lines',
        lines: [
          [
            { text: 'Job ' },
            { link: `${pipeline}/jobs/9`, text: 'apply' },
            { text: ' ended with exit code 2. What was applied before stays.' },
          ],
        ],
      },
      {
        part: 'code',
        text: 'TASK [lb : set weight] ***\nfatal: [web-2]: UNREACHABLE! => {"msg": "Connection timed out"}\nPLAY RECAP ***\nweb-2 : ok=3 changed=0 unreachable=1',
      },
      openPipeline,
      footer,
    ],
  ),
  refused: reply(
    'refused',
    [{ text: 'Not allowed: ' }, code('lb weight web 80 --env=production')],
    [
      {
        part: 'lines',
        lines: [
          [
            { text: 'You are ' },
            code('role:dev'),
            { text: '. The nearest rule needs ' },
            code('weight <= 25'),
            { text: '.' },
          ],
        ],
      },
      { part: 'footer', line: [{ text: 'policy.csv:14 · policy ab12cd3' }] },
    ],
    { audience: 'caller' },
  ),
  typo: reply(
    'refused',
    [{ text: 'There is no command ' }, code('lb wieght')],
    [
      { part: 'code', text: '/chatops lb wieght web 10\n            ^^^^^^' },
      { part: 'lines', lines: [[{ text: 'Did you mean ' }, code('lb weight'), { text: '?' }]] },
    ],
    { audience: 'caller' },
  ),
  help: reply(
    'note',
    [{ text: 'What you can run in #ops-prod' }],
    [
      {
        part: 'lines',
        lines: [
          [code('flag get <name>'), { text: '  Show a feature flag' }],
          [
            code('lb weight <backend> <weight> [env]'),
            { text: '  Change the share of traffic a backend gets' },
          ],
          [code('release <app> <version>'), { text: '  Prepare a release; a person starts it in GitLab' }],
        ],
      },
      { part: 'footer', line: [code('/chatops help <command>'), { text: ' tells more' }] },
    ],
    { audience: 'caller' },
  ),
  'waits-for-a-person': reply(
    'waiting',
    [code('release web v42'), { text: ' waits for a person in GitLab' }],
    [
      {
        part: 'lines',
        lines: [
          [
            { text: 'Somebody must press ' },
            { text: 'deploy', style: 'strong' },
            { text: ' in the pipeline.' },
          ],
        ],
      },
      { part: 'links', links: [{ label: 'Open pipeline 8842', url: pipeline }] },
      footer,
    ],
  ),
  canceled: reply(
    'stopped',
    [code('lb weight web 10'), { text: ' canceled by ' }, { account: 'slack:T0SANDBOX/U0BO', name: 'Bo' }],
    [openPipeline, footer],
  ),
  'typed-twice-while-running': typedTwice({ state: 'running', pipeline: view({ webUrl: pipeline }) }),
  'typed-twice-when-done': typedTwice({ state: 'succeeded', pipeline: view({ phase: 'succeeded' }) }),
  'typed-twice-when-uncertain': typedTwice({ state: 'uncertain' }),
  resolved: runReply(
    run({
      state: 'canceled',
      createdAt: started,
      outcome: { because: 'Bo <!here> says that it was not started: "the list is *empty*".' },
    }),
  ),
  uncertain: runReply(
    run({
      state: 'uncertain',
      createdAt: started,
      outcome: { because: "GitLab's answer was lost 3 times and it lists no such pipeline." },
    }),
  ),
  'direct-result': reply(
    'good',
    [code('flag get checkout-v2'), { text: ' is on' }],
    [
      {
        part: 'fields',
        fields: [
          { name: 'Project', value: [{ text: 'app/shop' }] },
          { name: 'Strategy', value: [code('gradualRolloutUserId'), { text: ' 25 %' }] },
        ],
      },
    ],
  ),
  expired: reply(
    'stopped',
    [code('lb weight web 10'), { text: ' expired' }],
    [
      {
        part: 'lines',
        lines: [[{ text: 'GitLab could not be reached for 2 minutes. Nothing was started.' }]],
      },
      footer,
    ],
  ),
};
