import type { MergeRequest } from '../../merging/merge-request.ts';
import { type Project, userOf, type World } from '../../world.ts';
import { type Html, html } from '../html.ts';
import { ago, avatar } from '../parts.ts';

const looks = {
  opened: { group: 'success', glyph: '○', word: 'Open' },
  merged: { group: 'merged', glyph: '✓', word: 'Merged' },
  closed: { group: 'failed', glyph: '✕', word: 'Closed' },
} as const;

/** The state of a merge request as a coloured pill: glyph and word. */
export function stateBadge({ state }: Pick<MergeRequest, 'state'>): Html {
  const { group, glyph, word } = looks[state];
  return html`<span class="badge ${group}"><i aria-hidden="true">${glyph}</i> ${word}</span>`;
}

/** Path of a merge request's page. */
export function pathOf(project: Project, { iid }: Pick<MergeRequest, 'iid'>): string {
  return `/${project.ci.path}/-/merge_requests/${iid}`;
}

/** All merge requests of a project as links, the newest first; nothing when it never had one. */
export function mergeRequestList(world: World, project: Project, most: number): Html | false {
  const all = [...project.mergeRequests.values()].reverse().slice(0, most);
  if (all.length === 0) return false;
  return html`<ul class="pipelines">${all.map((one) => row(world, project, one))}</ul>`;
}

function row(world: World, project: Project, one: MergeRequest): Html {
  const author = userOf(world, one.authorId);
  return html`<li><a href="${pathOf(project, one)}">${stateBadge(one)}
  <span class="what"><b>${one.title}</b><small>!${one.iid} by ${author.name} · ${one.state} ${ago(momentOf(one), world.now())}</small></span>
  ${avatar(author)}</a></li>`;
}

function momentOf(one: MergeRequest): number {
  return one.merged?.at ?? one.closed?.at ?? one.createdAt;
}

/** The part of the page that lists them all. */
export function mergeRequestsPart(world: World, project: Project): Html {
  const list = mergeRequestList(world, project, 100);
  return html`<section class="head"><div class="headline"><h1>Merge requests</h1></div></section>
<section class="card">${list || html`<p class="empty">Nobody has asked for anything yet.</p>`}</section>`;
}
