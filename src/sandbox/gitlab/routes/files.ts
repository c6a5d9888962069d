import { createHash } from 'node:crypto';
import { record, requiredText, text } from '../fields.ts';
import { lastChange } from '../history/ancestors.ts';
import { type Blamed, blame } from '../history/blame.ts';
import { badParameter, notFound, Refusal } from '../refusal.ts';
import type { Commit } from '../repository.ts';
import { type Answer, type Call, ok, type Route } from '../route.ts';
import { blobId } from '../views/blobs.ts';
import { iso } from '../views/times.ts';
import { commitAt } from './found.ts';

const one = '/projects/:id/repository/files/:file_path';

/** Endpoints that read one file (https://docs.gitlab.com/api/repository_files/). */
export const fileRoutes: readonly Route[] = [
  { method: 'GET', url: one, answer: showFile },
  { method: 'HEAD', url: one, answer: showFile },
  { method: 'GET', url: `${one}/raw`, answer: rawFile },
  { method: 'GET', url: `${one}/blame`, answer: blameFile },
];

function file(call: Call, ref: string | undefined) {
  const found = commitAt(call, ref);
  const path = requiredText(call.path, 'file_path');
  const content = found.commit.files.get(path);
  if (content === undefined) throw notFound('File');
  return { ...found, path, content };
}

type OneFile = ReturnType<typeof file>;

function facts({ project, commit, path, content, ref }: OneFile): Record<string, unknown> {
  return {
    file_name: path.split('/').at(-1),
    file_path: path,
    size: Buffer.byteLength(content),
    encoding: 'base64',
    content_sha256: createHash('sha256').update(content).digest('hex'),
    ref,
    blob_id: blobId(content),
    commit_id: commit.sha,
    last_commit_id: lastChange(project.repository, commit, path).sha,
    execute_filemode: false,
  };
}

/** GitLab repeats a file's facts as headers. */
function headersOf(fields: Record<string, unknown>): Record<string, string> {
  const headers = Object.entries(fields).map(([name, value]) => [
    `x-gitlab-${name.replaceAll('_', '-')}`,
    encodeURI(String(value)),
  ]);
  return Object.fromEntries(headers);
}

function showFile(call: Call): Answer {
  const found = file(call, requiredText(call.fields, 'ref'));
  const fields = facts(found);
  const body = { ...fields, content: Buffer.from(found.content).toString('base64') };
  return { status: 200, body, headers: headersOf(fields) };
}

function rawFile(call: Call): Answer {
  const found = file(call, text(call.fields, 'ref'));
  const type = { 'content-type': 'text/plain; charset=utf-8' };
  return { status: 200, body: found.content, headers: { ...headersOf(facts(found)), ...type } };
}

function blameFile(call: Call): Answer {
  const found = file(call, requiredText(call.fields, 'ref'));
  const range = lineRange(call);
  const groups = blame(found.project.repository, found.commit, found.path) ?? [];
  const body = withinRange(groups, range).map(({ commit, lines }) => ({
    commit: blameCommit(commit),
    lines,
  }));
  return { ...ok(body), headers: headersOf(facts(found)) };
}

interface LineRange {
  readonly start: number;
  readonly end: number;
}

function lineRange(call: Call): LineRange | undefined {
  const given = record(call.fields, 'range');
  if (!given) return undefined;
  const start = lineNumber(given.start, 'range[start]');
  const end = lineNumber(given.end, 'range[end]');
  if (start > end) {
    throw new Refusal(400, { message: 'range[start] must be less than or equal to range[end]' });
  }
  return { start, end };
}

function lineNumber(value: unknown, name: string): number {
  if (value === undefined || value === '') throw badParameter(`${name} is missing`);
  if (!/^\d{1,9}$/.test(String(value))) throw badParameter(`${name} is invalid`);
  if (Number(value) === 0) throw badParameter(`${name} does not have a valid value`);
  return Number(value);
}

function withinRange(groups: readonly Blamed[], range: LineRange | undefined): readonly Blamed[] {
  if (!range) return groups;
  let before = 0;
  return groups.flatMap(({ commit, lines }) => {
    const kept = lines.filter((_line, at) => before + at + 1 >= range.start && before + at + 1 <= range.end);
    before += lines.length;
    return kept.length > 0 ? [{ commit, lines: kept }] : [];
  });
}

function blameCommit(commit: Commit) {
  const at = iso(commit.at);
  return {
    id: commit.sha,
    parent_ids: commit.parents,
    message: commit.message,
    authored_date: at,
    author_name: commit.author.name,
    author_email: commit.author.email,
    committed_date: at,
    committer_name: commit.author.name,
    committer_email: commit.author.email,
  };
}
