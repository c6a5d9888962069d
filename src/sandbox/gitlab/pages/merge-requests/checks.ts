import { type MergeRequest, mergeability } from '../../merging/merge-request.ts';
import { mayMerge } from '../../merging/pushing.ts';
import { type CommitStatus, latestStatuses } from '../../merging/statuses.ts';
import { level, levelIn, type Project, type User, userOf, type World } from '../../world.ts';
import { type Html, html } from '../html.ts';
import { ago, avatar, button } from '../parts.ts';
import { pathOf } from './list.ts';

/** What stands beside a merge request: checks of its head, approvals, and the way to merge it. */
export function checksPart(world: World, project: Project, one: MergeRequest, visitor: User): Html {
  return html`<section class="card"><h2>Checks</h2>${checks(project, one)}</section>
<section class="card"><h2>Approvals</h2>${approvals(world, project, one, visitor)}</section>
<section class="card merge-box"><h2>Merge</h2>${mergeBox(world, project, one, visitor)}</section>`;
}

const glyphs: Readonly<Record<CommitStatus['state'], string>> = {
  pending: '◌',
  running: '●',
  success: '✓',
  failed: '✕',
  canceled: '⊘',
  skipped: '»',
};

const words: Readonly<Record<CommitStatus['state'], string>> = {
  pending: 'Pending',
  running: 'Running',
  success: 'Passed',
  failed: 'Failed',
  canceled: 'Canceled',
  skipped: 'Skipped',
};

function checks(project: Project, one: MergeRequest): Html {
  const statuses = latestStatuses(project, one.diff.headSha);
  if (statuses.length === 0) {
    return html`<p class="empty">Nothing has looked at <code>${one.diff.headSha.slice(0, 8)}</code> yet.</p>`;
  }
  return html`<ul class="checks">${statuses.map(check)}</ul>`;
}

function check({ name, state, description, targetUrl }: CommitStatus): Html {
  const title = targetUrl === null ? html`<b>${name}</b>` : html`<a href="${targetUrl}"><b>${name}</b></a>`;
  return html`<li><i class="dot ${state}" aria-hidden="true">${glyphs[state]}</i>
  <span class="what">${title}<small>${words[state]}${description !== null && ` · ${description}`}</small></span></li>`;
}

function approvals(world: World, project: Project, one: MergeRequest, visitor: User): Html {
  const has = one.approvals.some(({ userId }) => userId === visitor.id);
  const may =
    one.state === 'opened' &&
    !has &&
    one.authorId !== visitor.id &&
    levelIn(project, visitor.id) >= level.developer;
  const who = one.approvals.map(({ userId, at }) => {
    const user = userOf(world, userId);
    return html`<li>${avatar(user)}<span class="what"><b>${user.name}</b><small>${ago(at, world.now())}</small></span></li>`;
  });
  const list = who.length > 0 ? html`<ul class="checks">${who}</ul>` : html`<p class="empty">Nobody yet.</p>`;
  return html`${list}${may && button(`${pathOf(project, one)}/approve`, `Approve as ${firstName(visitor)}`, 'plain', 'approve')}`;
}

function mergeBox(world: World, project: Project, one: MergeRequest, visitor: User): Html {
  const path = pathOf(project, one);
  if (one.merged) {
    const { userId, at, commitSha } = one.merged;
    return html`<p>Merged by <b>${userOf(world, userId).name}</b> ${ago(at, world.now())} as
    <a href="/${project.ci.path}/-/commit/${commitSha}"><code>${commitSha.slice(0, 8)}</code></a>.</p>`;
  }
  if (one.state === 'closed') {
    return html`<p>Closed without being merged.</p>${button(`${path}/reopen`, 'Reopen', 'plain', 'reopen')}`;
  }
  const close = button(`${path}/close`, 'Close', 'plain', 'close');
  const able = mergeability(project, one);
  if (able.status !== 'mergeable') {
    return html`<p>${obstacle(able)}</p><div class="row">${close}</div>`;
  }
  if (!mayMerge(project, one.targetBranch, visitor)) {
    const who = firstName(visitor);
    return html`<p><b>${who}</b> may not merge into <code>${one.targetBranch}</code>: it is protected. A Maintainer may.</p><div class="row">${close}</div>`;
  }
  return html`<p>Ready to merge into <code>${one.targetBranch}</code>.</p>
  <div class="row">${button(`${path}/merge`, `Merge as ${firstName(visitor)}`, 'primary', 'merge')}${close}</div>`;
}

function obstacle(able: Exclude<ReturnType<typeof mergeability>, { readonly status: 'mergeable' }>): string {
  if (able.status === 'conflict')
    return `Both branches changed ${able.paths.join(', ')}: the source must be mended first.`;
  if (able.status === 'draft_status') return 'Its title says that it is a draft.';
  return 'The source branch holds nothing that the target has not.';
}

function firstName({ name }: User): string {
  return name.split(' ')[0] ?? name;
}
