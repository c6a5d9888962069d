import { projectFor } from '../access.ts';
import { requiredText, text } from '../fields.ts';
import { mayPush, pushBranch, pushNothing } from '../merging/pushing.ts';
import { forbidden, notFound, Refusal } from '../refusal.ts';
import { type Answer, type Call, created, ok, page, type Route } from '../route.ts';
import { branchView, protectedBranchView, tagView } from '../views/projects.ts';
import { level, type Project } from '../world.ts';

const branches = '/projects/:id/repository/branches';
const tags = '/projects/:id/repository/tags';
const protectedOnes = '/projects/:id/protected_branches';

/** Endpoints about branches, their protection, and tags. */
export const branchRoutes: readonly Route[] = [
  { method: 'GET', url: branches, answer: listBranches },
  { method: 'POST', url: branches, answer: addBranch },
  { method: 'GET', url: `${branches}/:name`, answer: showBranch },
  { method: 'DELETE', url: `${branches}/:name`, answer: removeBranch },
  { method: 'GET', url: tags, answer: listTags },
  { method: 'GET', url: `${tags}/:name`, answer: showTag },
  { method: 'GET', url: protectedOnes, answer: listProtected },
  { method: 'GET', url: `${protectedOnes}/:name`, answer: showProtected },
];

function listBranches(call: Call): Answer {
  const project = projectFor(call, level.reporter);
  const search = text(call.fields, 'search') ?? '';
  const found = project.repository.branches().filter(({ name }) => name.includes(search));
  return page(call, found, ({ name, commit }) => branchView(project, call.actor.user, name, commit));
}

function branchOf(call: Call, project: Project) {
  const branch = project.repository.branches().find(({ name }) => name === call.path.name);
  if (!branch) throw notFound('Branch');
  return branch;
}

function showBranch(call: Call): Answer {
  const project = projectFor(call, level.reporter);
  const { name, commit } = branchOf(call, project);
  return ok(branchView(project, call.actor.user, name, commit));
}

/** Git's rules for a branch's name, as far as people meet them (https://git-scm.com/docs/git-check-ref-format). */
const branchName = /^(?![-./])(?!.*(?:\.\.|\/\/|@\{|\/\.))[^\s~^:?*[\\\x00-\x1f\x7f]{1,244}(?<![./])$/;

function addBranch(call: Call): Answer {
  const project = projectFor(call, level.developer);
  const name = requiredText(call.fields, 'branch');
  const ref = requiredText(call.fields, 'ref');
  if (!branchName.test(name)) throw new Refusal(400, { message: 'Branch name is invalid' });
  if (project.repository.branches().some((one) => one.name === name)) {
    throw new Refusal(400, { message: 'Branch already exists' });
  }
  if (!project.repository.find(ref)) throw new Refusal(400, { message: `Invalid reference name: ${ref}` });
  const commit = pushBranch(call.world, project, name, ref, call.actor.user);
  return created(branchView(project, call.actor.user, name, commit));
}

function removeBranch(call: Call): Answer {
  const project = projectFor(call, level.developer);
  const { name } = branchOf(call, project);
  if (project.protectedBranches.has(name) || !mayPush(project, name, call.actor.user)) throw forbidden();
  pushNothing(call.world, project, name, call.actor.user);
  return { status: 204 };
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

function listProtected(call: Call): Answer {
  const project = projectFor(call, level.developer);
  return page(call, [...project.protectedBranches], ([name, rules]) => protectedBranchView(name, rules));
}

function showProtected(call: Call): Answer {
  const project = projectFor(call, level.developer);
  const name = requiredText(call.path, 'name');
  const rules = project.protectedBranches.get(name);
  if (!rules) throw notFound();
  return ok(protectedBranchView(name, rules));
}
