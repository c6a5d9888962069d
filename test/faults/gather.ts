import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { chainProblem } from './chain.ts';
import type { FaultySandbox } from './faulty-sandbox.ts';
import type { AuditRow, Delivered, Ledgers, MessageRow, PipelineRow, RunRow } from './ledgers.ts';

type Fields = Readonly<Record<string, unknown>>;

const textOr = <T>(value: unknown, otherwise: T): string | T =>
  typeof value === 'string' ? value : otherwise;

const millis = (value: unknown): number => (typeof value === 'number' ? value : Date.parse(String(value)));

/** What the sandbox was told to do wrong and did, by kind. */
export type FaultCounts = Readonly<Record<string, number>>;

const listed = (ledger: unknown, name: string): readonly Fields[] =>
  (ledger as Record<string, readonly Fields[]>)[name] ?? [];

export const faultsOf = (ledger: unknown): FaultCounts => (ledger as { faults?: FaultCounts }).faults ?? {};

const token = { 'private-token': 'glpat-sandbox-gateway' };

/** The variables by which the command's arguments travelled, as GitLab kept them. */
const inputOf = async (gitlabUrl: string, { project, id }: Fields): Promise<string | null> => {
  const path = `${gitlabUrl}/api/v4/projects/${encodeURIComponent(String(project))}/pipelines/${id}/variables`;
  const response = await fetch(path, { headers: token });
  if (!response.ok) return null;
  const variables = (await response.json()) as { key: string; value: string }[];
  const passed = variables.filter(({ key }) => key === 'CHAT_INPUT' || key.startsWith('INPUT_'));
  return passed.map(({ key, value }) => `${key}=${value}`).join('\n');
};

const atOnce = 8;

const readPipelines = async (gitlabUrl: string, ledger: unknown): Promise<readonly PipelineRow[]> => {
  const found = listed(ledger, 'pipelines');
  const rows: PipelineRow[] = [];
  for (let from = 0; from < found.length; from += atOnce) {
    const some = found.slice(from, from + atOnce).map(async (each) => ({
      id: Number(each.id),
      project: String(each.project),
      run: textOr(each.run, null),
      status: String(each.status),
      createdAt: millis(each.createdAt),
      input: await inputOf(gitlabUrl, each),
    }));
    rows.push(...(await Promise.all(some)));
  }
  return rows;
};

const readMessages = (ledger: unknown): readonly MessageRow[] =>
  listed(ledger, 'messages').map(({ text }) => ({ text: String(text) }));

const auditRow = (file: string, entry: Fields): AuditRow => ({
  file,
  seq: Number(entry.seq),
  at: millis(entry.at),
  kind: String(entry.kind),
  run: textOr(entry.run, null),
  line: textOr(entry.line, null),
  allowed: entry.allowed === true,
  purpose: textOr(entry.purpose, null),
  to: textOr(entry.to, null),
});

const auditFiles = (dir: string): readonly { readonly name: string; readonly text: string }[] =>
  readdirSync(dir)
    .filter((name) => /^audit-\d+\.jsonl$/.test(name))
    .map((name) => ({ name, text: readFileSync(join(dir, name), 'utf8') }));

/** Every audit line of every instance; a line that was cut off by a kill and not cut away since is the chain's problem. */
const readAudit = (dir: string): readonly AuditRow[] =>
  auditFiles(dir).flatMap(({ name, text }) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => auditRow(name, JSON.parse(line) as Fields)),
  );

const cli = join(import.meta.dirname, '../../dist/cli/main.js');

/** What `chatops audit verify` finds wrong with a file; null when nothing. */
const verifyProblem = (path: string): Promise<string | null> =>
  new Promise((resolve) => {
    execFile(process.execPath, [cli, 'audit', 'verify', path], (error, stdout, stderr) =>
      resolve(error === null ? null : `${stdout}${stderr}`.trim()),
    );
  });

/** Looks at every file twice: with the gateway's own verifier, and without anything of the gateway's. */
const readChains = async (dir: string): Promise<readonly string[]> => {
  const broken: string[] = [];
  for (const { name, text } of auditFiles(dir)) {
    const problems = [chainProblem(text), await verifyProblem(join(dir, name))];
    broken.push(...problems.flatMap((problem) => (problem === null ? [] : [`${name}: ${problem}`])));
  }
  return broken;
};

const runRow = (text: string): RunRow => {
  const run = JSON.parse(text) as Fields;
  const { pipeline, outcome, told } = run as Record<string, Fields | null>;
  return {
    id: String(run.id),
    state: String(run.state),
    mode: String(run.mode),
    line: String(run.line),
    pipeline: typeof pipeline?.id === 'number' ? pipeline.id : null,
    because: textOr(outcome?.because, null),
    givenUp: textOr(told?.givenUp, null),
  };
};

/** All runs that Redis holds. */
export const readRuns = async (redis: Redis): Promise<readonly RunRow[]> => {
  const keys = await redis.keys('{chatops}:run:*');
  const texts = await Promise.all(keys.map((key) => redis.hget(key, 'run')));
  return texts.flatMap((text) => (text === null ? [] : [runRow(text)]));
};

/** Reads all ledgers once everything is quiet. */
export const gather = async (
  dir: string,
  sandbox: FaultySandbox,
  redis: Redis,
  delivered: readonly Delivered[],
): Promise<{
  readonly ledgers: Ledgers;
  readonly gitlabFaults: FaultCounts;
  readonly chatFaults: FaultCounts;
}> => {
  const [gitlab, chat] = [await sandbox.gitlabLedger(), await sandbox.chatLedger()];
  return {
    gitlabFaults: faultsOf(gitlab),
    chatFaults: faultsOf(chat),
    ledgers: {
      delivered,
      pipelines: await readPipelines(sandbox.gitlabUrl, gitlab),
      messages: readMessages(chat),
      audit: readAudit(dir),
      brokenChains: await readChains(dir),
      runs: await readRuns(redis),
    },
  };
};
