import { changesOf, commitsOf, type MergeRequest, type Note } from '../../merging/merge-request.ts';
import { type Project, type User, userOf, type World } from '../../world.ts';
import { type Html, html } from '../html.ts';
import { markdown } from '../markdown/markdown.ts';
import { ago, avatar } from '../parts.ts';
import { checksPart } from './checks.ts';
import { diffPart } from './diff.ts';
import { pathOf, stateBadge } from './list.ts';

/** The part of a merge request's page that renews itself: what it says, what it changes, what was said, and its checks. */
export function mergeRequestPart(world: World, project: Project, one: MergeRequest, visitor: User): Html {
  const author = userOf(world, one.authorId);
  const commits = commitsOf(project, one).length;
  return html`<section class="head">
  <div class="headline">${stateBadge(one)}<h1>${one.title} <span class="iid">!${one.iid}</span></h1></div>
  <p class="facts">
    <span>${avatar(author)} <b>${author.name}</b> wants to merge ${commits} ${commits === 1 ? 'commit' : 'commits'}
    from <a href="/${project.ci.path}/-/tree/${one.sourceBranch}"><code>${one.sourceBranch}</code></a>
    into <a href="/${project.ci.path}/-/tree/${one.targetBranch}"><code>${one.targetBranch}</code></a></span>
    <span>opened ${ago(one.createdAt, world.now())}</span>
    <span>head <a href="/${project.ci.path}/-/commit/${one.diff.headSha}"><code>${one.diff.headSha.slice(0, 8)}</code></a></span>
  </p>
</section>
<div class="split request">
  <div class="main-column">
    ${one.description !== '' && html`<section class="card" aria-label="Description">${markdown(one.description, 'description')}</section>`}
    <section class="notes" aria-label="Activity">${one.notes.map((note) => notePart(world, note))}</section>
    ${changesPart(project, one)}
  </div>
  <div class="side" role="complementary" aria-label="State">${checksPart(world, project, one, visitor)}</div>
</div>`;
}

function changesPart(project: Project, one: MergeRequest): Html {
  const base = project.repository.find(one.diff.baseSha);
  const edit =
    one.state === 'opened' && html`<a class="edit" href="${pathOf(project, one)}/edit">Edit the files</a>`;
  return html`<section class="card" aria-label="Changes"><div class="card-title"><h2>Changes</h2>${edit}</div>${diffPart(base, changesOf(project, one))}</section>`;
}

function notePart(world: World, note: Note): Html {
  const author = userOf(world, note.authorId);
  const edited = note.updatedAt > note.createdAt && html` · edited ${ago(note.updatedAt, world.now())}`;
  const body = markdown(note.body, `note-${note.id}`);
  if (note.system) {
    return html`<article class="system">${avatar(author)}<div><b>${author.name}</b> ${body}<small>${ago(note.createdAt, world.now())}</small></div></article>`;
  }
  return html`<article class="card note"><header>${avatar(author)}<b>${author.name}</b>${author.bot && html`<span class="badge">bot</span>`}
  <small>${ago(note.createdAt, world.now())}${edited}</small></header>${body}</article>`;
}
