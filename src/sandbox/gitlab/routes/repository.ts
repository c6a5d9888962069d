import { createHash } from 'node:crypto';
import { projectFor } from '../access.ts';
import { requiredText, text, truth } from '../fields.ts';
import { notFound } from '../refusal.ts';
import type { Commit } from '../repository.ts';
import { type Answer, type Call, ok, page, type Route } from '../route.ts';
import { branchView, commitView, tagView } from '../views/projects.ts';
import { level, type Project } from '../world.ts';

const base = '/projects/:id/repository';

/** Endpoints that read a project's files and history. */
export const repositoryRoutes: readonly Route[] = [
  { method: 'GET', url: `${base}/files/:file_path`, answer: showFile },
  { method: 'HEAD', url: `${base}/files/:file_path`, answer: showFile },
  { method: 'GET', url: `${base}/files/:file_path/raw`, answer: rawFile },
  { method: 'GET', url: `${base}/tree`, answer: listTree },
  { method: 'GET', url: `${base}/branches`, answer: listBranches },
  { method: 'GET', url: `${base}/branches/:name`, answer: showBranch },
  { method: 'GET', url: `${base}/tags`, answer: listTags },
  { method: 'GET', url: `${base}/tags/:name`, answer: showTag },
  { method: 'GET', url: `${base}/commits`, answer: listCommits },
  { method: 'GET', url: `${base}/commits/:sha`, answer: showCommit },
];

interface Found {
  readonly project: Project;
  readonly ref: string;
  readonly commit: Commit;
}

function at(call: Call, ref: string | undefined, missing = 'Commit'): Found {
  const project = projectFor(call, level.reporter);
  const wanted = ref === undefined || ref === 'HEAD' ? project.ci.defaultBranch : ref;
  const commit = project.repository.find(wanted);
  if (!commit) throw notFound(missing);
  return { project, ref: wanted, commit };
}

function file(call: Call, ref: string | undefined) {
  const found = at(call, ref);
  const path = requiredText(call.path, 'file_path');
  const content = found.commit.files.get(path);
  if (content === undefined) throw notFound('File');
  return { ...found, path, content };
}

function fileHeaders(call: Call, ref: string | undefined): Record<string, unknown> {
  const { commit, path, content, ref: shown } = file(call, ref);
  return {
    file_name: path.split('/').at(-1),
    file_path: path,
    size: Buffer.byteLength(content),
    encoding: 'base64',
    content_sha256: createHash('sha256').update(content).digest('hex'),
    ref: shown,
    blob_id: blobId(content),
    commit_id: commit.sha,
    last_commit_id: commit.sha,
    execute_filemode: false,
  };
}

function showFile(call: Call): Answer {
  const ref = requiredText(call.fields, 'ref');
  const { content } = file(call, ref);
  const fields = fileHeaders(call, ref);
  const headers = Object.entries(fields).map(([name, value]) => [
    `x-gitlab-${name.replaceAll('_', '-')}`,
    encodeURI(String(value)),
  ]);
  return {
    status: 200,
    body: { ...fields, content: Buffer.from(content).toString('base64') },
    headers: Object.fromEntries(headers),
  };
}

function rawFile(call: Call): Answer {
  const { content } = file(call, text(call.fields, 'ref'));
  return { status: 200, body: content, headers: { 'content-type': 'text/plain; charset=utf-8' } };
}

function listTree(call: Call): Answer {
  const { commit } = at(call, text(call.fields, 'ref'), 'Tree');
  const folder = (text(call.fields, 'path') ?? '').replace(/^\/+|\/+$/g, '');
  const prefix = folder === '' ? '' : `${folder}/`;
  const deep = truth(call.fields, 'recursive') ?? false;
  const entries = new Map<string, 'tree' | 'blob'>();
  for (const path of commit.files.keys()) {
    if (!path.startsWith(prefix)) continue;
    const parts = path.slice(prefix.length).split('/');
    for (let depth = 1; depth <= (deep ? parts.length : 1); depth += 1) {
      entries.set(prefix + parts.slice(0, depth).join('/'), depth < parts.length ? 'tree' : 'blob');
    }
  }
  // GitLab lists folders first.
  const sorted = [...entries].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x === 'tree' ? -1 : 1));
  return page(call, sorted, ([path, type]) => treeEntry(path, type, commit));
}

function treeEntry(path: string, type: 'tree' | 'blob', commit: Commit) {
  const id = blobId(commit.files.get(path) ?? path);
  const mode = type === 'tree' ? '040000' : '100644';
  return { id, name: path.split('/').at(-1), type, path, mode };
}

/** Git's own id of a file's content. */
function blobId(content: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(content)}\0${content}`)
    .digest('hex');
}

function listBranches(call: Call): Answer {
  const project = projectFor(call, level.reporter);
  const search = text(call.fields, 'search') ?? '';
  const branches = project.repository.branches().filter(({ name }) => name.includes(search));
  return page(call, branches, ({ name, commit }) => branchView(project, name, commit));
}

function showBranch(call: Call): Answer {
  const project = projectFor(call, level.reporter);
  const branch = project.repository.branches().find(({ name }) => name === call.path.name);
  if (!branch) throw notFound('Branch');
  return ok(branchView(project, branch.name, branch.commit));
}

function listTags(call: Call): Answer {
  const project = projectFor(call, level.reporter);
  return page(call, project.repository.tags(), ({ name, commit }) => tagView(project, name, commit));
}

function showTag(call: Call): Answer {
  const project = projectFor(call, level.reporter);
  const tag = project.repository.tags().find(({ name }) => name === call.path.name);
  if (!tag) throw notFound('Tag');
  return ok(tagView(project, tag.name, tag.commit));
}

function listCommits(call: Call): Answer {
  const { project, commit } = at(call, text(call.fields, 'ref_name'));
  const commits: Commit[] = [];
  for (let one: Commit | undefined = commit; one; one = project.repository.find(one.parents[0] ?? '')) {
    commits.push(one);
  }
  return page(call, commits, (one) => commitView(project, one));
}

function showCommit(call: Call): Answer {
  const { project, commit } = at(call, requiredText(call.path, 'sha'));
  const latest = call.world.ci.pipelines(project.ci.id).find(({ sha }) => sha === commit.sha);
  return ok({ ...commitView(project, commit), status: latest?.status ?? null });
}
