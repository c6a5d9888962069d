import type { FastifyInstance, FastifyRequest } from 'fastify';
import { approve, closeOrReopen, merge } from '../../merging/deeds.ts';
import type { MergeRequest } from '../../merging/merge-request.ts';
import { mayMerge, mayPush, pushCommit } from '../../merging/pushing.ts';
import { level, levelIn, type Project, projectOf, type User, type World } from '../../world.ts';
import { type Pressed, refuse, textsOf } from '../pressing.ts';
import { fromOwnPage, visitorOf } from '../visitor.ts';
import { pathOf } from './list.ts';

/** Why a press is refused; undefined when it was done. */
type Act = (press: Press) => string | undefined;

interface Press {
  readonly world: World;
  readonly project: Project;
  readonly one: MergeRequest;
  readonly visitor: User;
  /** The form's fields. */
  readonly form: Readonly<Record<string, string>>;
}

const acts: Readonly<Record<string, Act>> = {
  merge: mergeIt,
  approve: approveIt,
  close: ({ world, project, one, visitor }) => {
    closeOrReopen(world, project, one, 'close', visitor);
    return undefined;
  },
  reopen: ({ world, project, one, visitor }) => {
    closeOrReopen(world, project, one, 'reopen', visitor);
    return undefined;
  },
  edit: commitIt,
};

/** Adds what a merge request's buttons and its edit form post to. */
export function addMergeRequestActions(app: FastifyInstance, world: World): void {
  for (const [verb, act] of Object.entries(acts)) {
    app.post(`/:group/:project/-/merge_requests/:id/${verb}`, (request, reply) => {
      const pressed = press(world, request, act);
      return pressed.ok ? reply.redirect(pressed.next, 303) : refuse(world, request, reply, pressed.error);
    });
  }
}

function press(world: World, request: FastifyRequest, act: Act): Pressed {
  if (!fromOwnPage(request.headers))
    return { ok: false, error: 'This was not pressed on a page of the sandbox' };
  const { group, project: name, id } = textsOf(request.params);
  const project = projectOf(world, `${group}/${name}`);
  const one = project?.mergeRequests.get(Number(id));
  if (!project || !one) return { ok: false, error: 'There is no such merge request' };
  const visitor = visitorOf(world, request.headers.cookie);
  if (levelIn(project, visitor.id) < level.developer) {
    return { ok: false, error: `${visitor.name} may not change anything in ${project.ci.path}.` };
  }
  const error = act({ world, project, one, visitor, form: textsOf(request.body) });
  return error === undefined ? { ok: true, next: pathOf(project, one) } : { ok: false, error };
}

function mergeIt({ world, project, one, visitor }: Press): string | undefined {
  if (!mayMerge(project, one.targetBranch, visitor)) {
    return `${visitor.name} may not merge into ${one.targetBranch}: it is protected. That takes the role Maintainer.`;
  }
  return merge(world, project, one, visitor).ok ? undefined : 'It cannot be merged as it is now.';
}

function approveIt({ world, project, one, visitor }: Press): string | undefined {
  if (one.state !== 'opened') return 'It is not open any more.';
  if (one.authorId === visitor.id) return 'Nobody approves a merge request of their own.';
  approve(world, project, one, visitor, true);
  return undefined;
}

function commitIt({ world, project, one, visitor, form }: Press): string | undefined {
  const { path = '', content = '', message = '', head = '' } = form;
  const branch = one.sourceBranch;
  const now = project.repository.find(branch);
  if (!now || one.state !== 'opened') return 'There is no open branch to commit to.';
  if (!mayPush(project, branch, visitor)) return `${visitor.name} may not push to ${branch}.`;
  if (now.sha !== head) return `${branch} has moved on since the form was opened. Open it again.`;
  const before = now.files.get(path);
  if (before === undefined) return `${branch} has no file ${path}.`;
  // Browsers send line breaks as CR LF whatever the file has.
  const text = content.replaceAll('\r\n', '\n');
  if (text === before) return 'Nothing was changed.';
  if (message.trim() === '') return 'A commit needs a message.';
  pushCommit(world, project, { branch, message, changes: { [path]: text }, user: visitor });
  return undefined;
}
