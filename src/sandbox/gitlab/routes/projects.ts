import { projectFor } from '../access.ts';
import { requiredText, text } from '../fields.ts';
import { notFound } from '../refusal.ts';
import { type Answer, type Call, ok, page, type Route } from '../route.ts';
import { member } from '../views/people.ts';
import { projectView } from '../views/projects.ts';
import { level, levelIn, type Project, userOf } from '../world.ts';

/** Endpoints about projects and their members. */
export const projectRoutes: readonly Route[] = [
  { method: 'GET', url: '/projects', answer: listProjects },
  { method: 'GET', url: '/projects/:id', answer: showProject },
  { method: 'GET', url: '/projects/:id/members/all', answer: listMembers },
  { method: 'GET', url: '/projects/:id/members/all/:user_id', answer: showMember },
];

function listProjects(call: Call): Answer {
  const search = text(call.fields, 'search')?.toLowerCase() ?? '';
  const seen = call.world.projects
    .filter((project) => levelIn(project, call.actor.user.id) >= level.guest)
    .filter((project) => project.ci.path.toLowerCase().includes(search))
    .toSorted((a, b) => b.ci.id - a.ci.id);
  return page(call, seen, (project) => projectView(call.world, project));
}

function showProject(call: Call): Answer {
  const project = projectFor(call);
  const has = levelIn(project, call.actor.user.id);
  return ok({
    ...projectView(call.world, project),
    permissions: { project_access: { access_level: has, notification_level: 3 }, group_access: null },
  });
}

function listMembers(call: Call): Answer {
  return page(call, [...membersOf(projectFor(call))], ([id, has]) =>
    member(call.world, userOf(call.world, id), has),
  );
}

function showMember(call: Call): Answer {
  const id = Number(requiredText(call.path, 'user_id'));
  const has = membersOf(projectFor(call)).get(id);
  if (has === undefined) throw notFound();
  return ok(member(call.world, userOf(call.world, id), has));
}

function membersOf(project: Project): ReadonlyMap<number, number> {
  return project.members;
}
