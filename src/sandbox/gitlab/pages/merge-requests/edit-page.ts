import type { MergeRequest } from '../../merging/merge-request.ts';
import type { Project } from '../../world.ts';
import { type Html, html } from '../html.ts';
import { pathOf } from './list.ts';

/** A form that commits one changed file to the source branch; without a path, the files to choose from. */
export function editPart(project: Project, one: MergeRequest, path: string | undefined): Html | undefined {
  const head = project.repository.find(one.sourceBranch);
  if (!head || one.state !== 'opened') return undefined;
  const back = pathOf(project, one);
  const heading = html`<section class="head"><div class="headline"><h1>Edit on <code>${one.sourceBranch}</code></h1></div>
  <p class="facts"><a href="${back}">Back to !${one.iid}</a></p></section>`;
  if (path === undefined) {
    const links = [...head.files.keys()].map(
      (name) =>
        html`<li><a href="${back}/edit?path=${encodeURIComponent(name)}"><code>${name}</code></a></li>`,
    );
    return html`${heading}<section class="card"><ul class="files">${links}</ul></section>`;
  }
  const content = head.files.get(path);
  if (content === undefined) return undefined;
  // The first line break within a textarea is not part of its text.
  return html`${heading}<form class="card editing" method="post" action="${back}/edit">
  <input type="hidden" name="path" value="${path}"><input type="hidden" name="head" value="${head.sha}">
  <label for="content"><code>${path}</code></label>
  <textarea id="content" name="content" rows="24" spellcheck="false" autocomplete="off">
${content}</textarea>
  <label for="message">Commit message</label>
  <input id="message" name="message" required maxlength="200" value="Change ${path}">
  <div class="row"><button class="primary">Commit to ${one.sourceBranch}</button></div></form>`;
}
