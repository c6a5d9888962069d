import { execFileSync } from 'node:child_process';
import type { Shown } from './campaign.ts';

type Counts = Readonly<Record<string, number>>;

const countBy = (words: readonly string[]): Counts => {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};

const sum = (counts: Counts): number => Object.values(counts).reduce((all, count) => all + count, 0);

const listed = (counts: Counts): string =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([word, count]) => `${word} ${count}`)
    .join(', ') || 'none';

const processFaults: readonly string[] = ['kill', 'stop', 'term', 'failpoint kill', 'failpoint stop'];

const promises = [
  'lost',
  'duplicate',
  'unauthorised',
  'false word',
  'unfinished',
  'two ends',
  'untold',
  'unrecorded',
  'chain',
];

/** What hurts nobody in itself: a list or a webhook that comes a little later. */
const gentle: readonly string[] = ['webhooks.delay', 'lists.lag'];

const without = (counts: Counts, names: readonly string[]): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([name]) => !names.includes(name)));

const commitOf = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
};

/** The figures of a campaign. */
export const figures = (shown: Shown) => {
  const { plan, ledgers, happenings } = shown;
  const strikes = countBy(happenings.map(({ what }) => what));
  const of = (what: string): number => strikes[what] ?? 0;
  const only = (names: readonly string[]): Counts =>
    Object.fromEntries(names.flatMap((name) => (of(name) === 0 ? [] : [[name, of(name)]])));
  return {
    seed: plan.seed,
    commit: commitOf(),
    blind: plan.blind ?? null,
    commands: countBy(ledgers.delivered.map(({ kind }) => kind)),
    answers: countBy(ledgers.delivered.map(({ attempts }) => attempts.at(-1)?.said ?? 'none')),
    deliveries: ledgers.delivered.reduce((all, { attempts }) => all + attempts.length, 0),
    runs: countBy(ledgers.runs.map(({ state }) => state)),
    pipelines: ledgers.pipelines.length,
    processFaults: only(processFaults),
    redisKills: of('redis kill') + of('redis cut'),
    tailCuts: of('redis cut'),
    gitlabFaults: without(shown.gitlabFaults, gentle),
    chatFaults: shown.chatFaults,
    violations: countBy(shown.violations.map(({ broken }) => broken)),
    repeatedMessages: shown.repeatedMessages,
    restored: ledgers.audit.filter(({ kind }) => kind === 'restored').length,
    auditLines: ledgers.audit.length,
    doubts: shown.doubts,
    wallSeconds: Math.round(shown.wallMs / 1000),
    settleSeconds: Math.round(shown.settleMs / 1000),
    longestStallMs: Math.round(shown.longestStallMs),
  };
};

/** The figures as a table, one row each. */
export const table = (shown: Shown): string => {
  const f = figures(shown);
  const rows: readonly (readonly [string, string])[] = [
    ['seed, commit', `${f.seed}, ${f.commit}`],
    ['commands', `${sum(f.commands)} (${listed(f.commands)}) in ${f.deliveries} deliveries`],
    ['last answers', listed(f.answers)],
    ['ends of runs', listed(f.runs)],
    ['process faults', `${sum(f.processFaults)} (${listed(f.processFaults)})`],
    ['Redis kills', `${f.redisKills}, ${f.tailCuts} of them with the end of its file cut off`],
    ['GitLab faults', `${sum(f.gitlabFaults)} (${listed(f.gitlabFaults)})`],
    ['chat faults', `${sum(f.chatFaults)} (${listed(f.chatFaults)})`],
    ['pipelines', String(f.pipelines)],
    ...promises.map((name): [string, string] => [name, String(f.violations[name] ?? 0)]),
    [
      'other violations',
      listed(Object.fromEntries(Object.entries(f.violations).filter(([name]) => !promises.includes(name)))),
    ],
    ['runs restored from the audit', String(f.restored)],
    ['runs with a repeated message', String(f.repeatedMessages)],
    ['audit lines', String(f.auditLines)],
    ['wall time', `${f.wallSeconds} s, ${f.settleSeconds} s of it after the last fault`],
    ['longest stall of the harness', `${f.longestStallMs} ms`],
    ['doubts', f.doubts.join('; ') || 'none'],
  ];
  return [
    '| what | how many |',
    '|---|---|',
    ...rows.map(([what, many]) => `| ${what} | ${many} |`),
    '',
  ].join('\n');
};
