import { changesBetween } from '../../history/ancestors.ts';
import { linesOf } from '../../history/matching-lines.ts';
import { commitsOf } from '../../merging/merge-request.ts';
import type { Commit } from '../../repository.ts';
import type { Project, World } from '../../world.ts';
import { type Html, html } from '../html.ts';
import { diffPart } from '../merge-requests/diff.ts';
import { pathOf } from '../merge-requests/list.ts';
import { ago } from '../parts.ts';

/** The files of a ref as links; undefined when there is no such ref. */
export function treePart(project: Project, ref: string): Html | undefined {
  const commit = project.repository.find(ref);
  if (!commit) return undefined;
  const links = [...commit.files.keys()].map(
    (path) => html`<li><a href="${blobPath(project, ref, path)}"><code>${path}</code></a></li>`,
  );
  return html`<section class="head"><div class="headline"><h1>Files on <code>${ref}</code></h1></div>
  <p class="facts"><span>at <a href="/${project.ci.path}/-/commit/${commit.sha}"><code>${commit.sha.slice(0, 8)}</code></a> ${commit.title}</span></p></section>
<section class="card"><ul class="files">${links}</ul></section>`;
}

/** One file with numbered lines, each of which can be linked to as `#L<number>`; `place` is `<ref>/<path>`. */
export function blobPart(project: Project, place: string): Html | undefined {
  const found = fileAt(project, place);
  if (!found) return undefined;
  const { commit, path, content } = found;
  const rows = linesOf(content).map(
    (line, at) =>
      html`<tr id="L${at + 1}"><td class="number"><a href="#L${at + 1}">${at + 1}</a></td><td class="text">${line}</td></tr>`,
  );
  return html`<section class="head"><div class="headline"><h1><code>${path}</code></h1></div>
  <p class="facts"><span>at <a href="/${project.ci.path}/-/commit/${commit.sha}"><code>${commit.sha.slice(0, 8)}</code></a></span></p></section>
<section class="card blob"><div class="diff"><table><tbody>${rows}</tbody></table></div></section>`;
}

/** A ref may have slashes too: the shortest beginning that is one, and has the rest as a file. */
function fileAt(project: Project, place: string) {
  const parts = place.split('/');
  for (let count = 1; count < parts.length; count += 1) {
    const commit = project.repository.find(parts.slice(0, count).join('/'));
    const path = parts.slice(count).join('/');
    const content = commit?.files.get(path);
    if (commit && content !== undefined) return { commit, path, content };
  }
  return undefined;
}

/** One commit: what it says, whose it is, how it came, what it changes. */
export function commitPart(world: World, project: Project, sha: string): Html | undefined {
  const commit = project.repository.find(sha);
  if (!commit) return undefined;
  const [first] = commit.parents;
  const parent = first === undefined ? undefined : project.repository.find(first);
  const changes = changesBetween(parent, commit);
  const count = Object.keys(changes).length;
  const rest = commit.message.slice(commit.title.length).trim();
  return html`<section class="head"><div class="headline"><h1>${commit.title}</h1></div>
  <p class="facts"><span><b>${commit.author.name}</b> ${ago(commit.at, world.now())}</span><span><code>${commit.sha.slice(0, 8)}</code></span>
  <span>changes <b>${count} ${count === 1 ? 'file' : 'files'}</b></span>${requestLinks(project, commit)}</p>
  ${rest !== '' && html`<pre class="message">${rest}</pre>`}</section>
<section class="card">${diffPart(parent, changes)}</section>`;
}

function requestLinks(project: Project, commit: Commit): readonly Html[] {
  const found = [...project.mergeRequests.values()].filter(
    (one) =>
      one.merged?.commitSha === commit.sha || commitsOf(project, one).some(({ sha }) => sha === commit.sha),
  );
  return found.map((one) => html`<span>by <a href="${pathOf(project, one)}">!${one.iid}</a></span>`);
}

function blobPath(project: Project, ref: string, path: string): string {
  return `/${project.ci.path}/-/blob/${ref}/${path.split('/').map(encodeURIComponent).join('/')}`;
}
