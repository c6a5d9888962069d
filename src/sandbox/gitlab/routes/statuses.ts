import { projectFor } from '../access.ts';
import { requiredText, text, truth } from '../fields.ts';
import { latestStatuses, setStatus, statusStates } from '../merging/statuses.ts';
import { badParameter, notFound, Refusal } from '../refusal.ts';
import type { Commit } from '../repository.ts';
import { type Answer, type Call, created, page, type Route } from '../route.ts';
import { statusView } from '../views/merge-requests.ts';
import { level, type Project } from '../world.ts';
import { commitAt } from './found.ts';

/** Endpoints for what outer checks say of a commit (https://docs.gitlab.com/api/commits/#commit-status). */
export const statusRoutes: readonly Route[] = [
  { method: 'POST', url: '/projects/:id/statuses/:sha', answer: set },
  { method: 'GET', url: '/projects/:id/repository/commits/:sha/statuses', answer: list },
];

/** GitLab's limits for a status (https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/models/generic_commit_status.rb). */
const longest = { description: 255, target_url: 255 } as const;

function set(call: Call): Answer {
  const { fields, world, actor } = call;
  const project = projectFor(call, level.developer);
  const commit = project.repository.find(requiredText(call.path, 'sha'));
  if (!commit) throw notFound('Commit');
  const given = requiredText(fields, 'state');
  const state = statusStates.find((one) => one === given);
  if (state === undefined) throw badParameter('state does not have a valid value');
  const made = setStatus(world, project, {
    sha: commit.sha,
    ref: text(fields, 'ref') ?? branchWith(project, commit),
    name: text(fields, 'name') ?? text(fields, 'context') ?? 'default',
    state,
    description: limited(call, 'description'),
    targetUrl: limited(call, 'target_url'),
    authorId: actor.user.id,
  });
  if (!made.ok) throw new Refusal(400, { message: made.error });
  return created(statusView(world, made.status));
}

function limited({ fields }: Call, name: keyof typeof longest): string | null {
  const value = text(fields, name);
  if (value === undefined) return null;
  if (value.length > longest[name]) {
    throw new Refusal(400, {
      message: { [name]: [`is too long (maximum is ${longest[name]} characters)`] },
    });
  }
  if (name === 'target_url' && !/^https?:\/\//.test(value)) {
    throw new Refusal(400, { message: { target_url: ['is blocked: Only allowed schemes are http, https'] } });
  }
  return value;
}

/** Without a ref, GitLab takes the first branch that has the commit. */
function branchWith({ repository }: Project, commit: Commit): string {
  const branch = repository
    .branches()
    .find((one) => repository.history(one.commit).some(({ sha }) => sha === commit.sha));
  if (!branch) throw notFound('References for commit');
  return branch.name;
}

function list(call: Call): Answer {
  const { project, commit } = commitAt(call, requiredText(call.path, 'sha'));
  const ref = text(call.fields, 'ref');
  const name = text(call.fields, 'name');
  const all = project.statuses.filter(({ sha }) => sha === commit.sha);
  const counted = truth(call.fields, 'all') ? all : latestStatuses(project, commit.sha);
  const found = counted
    .filter((one) => ref === undefined || one.ref === ref)
    .filter((one) => name === undefined || one.name === name);
  return page(call, found, (one) => statusView(call.world, one));
}
