import { projectFor } from '../access.ts';
import { oneOf, requiredText, text, truth } from '../fields.ts';
import { badRequest, notFound, Refusal } from '../refusal.ts';
import { type Answer, type Call, created, ok, page, type Route } from '../route.ts';
import { iso } from '../views/times.ts';
import { type Flag, level, type Project } from '../world.ts';
import { changedStrategies } from './flag-strategies.ts';

const one = '/projects/:id/feature_flags/:name';

/** Endpoints for a project's feature flags (https://docs.gitlab.com/api/feature_flags/). */
export const flagRoutes: readonly Route[] = [
  { method: 'GET', url: '/projects/:id/feature_flags', answer: list },
  { method: 'POST', url: '/projects/:id/feature_flags', answer: add },
  { method: 'GET', url: one, answer: (call) => ok(view(find(call).flag)) },
  { method: 'PUT', url: one, answer: change },
  { method: 'DELETE', url: one, answer: remove },
];

function find(call: Call): { readonly project: Project; readonly flag: Flag } {
  const project = projectFor(call, level.developer);
  const flag = project.flags.get(requiredText(call.path, 'name'));
  if (!flag) throw notFound();
  return { project, flag };
}

function list(call: Call): Answer {
  const project = projectFor(call, level.developer);
  const scope = oneOf(call.fields, 'scope', ['enabled', 'disabled'] as const);
  const flags = [...project.flags.values()]
    .filter((flag) => scope === undefined || flag.active === (scope === 'enabled'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return page(call, flags, view);
}

function add(call: Call): Answer {
  const project = projectFor(call, level.developer);
  const name = requiredText(call.fields, 'name');
  if ((text(call.fields, 'version') ?? 'new_version_flag') !== 'new_version_flag') {
    throw badRequest('Version is invalid');
  }
  checkName(project, name);
  const now = call.world.now();
  const flag: Flag = {
    name,
    description: text(call.fields, 'description') ?? '',
    active: truth(call.fields, 'active') ?? true,
    strategies: changedStrategies(call, []),
    createdAt: now,
    updatedAt: now,
  };
  project.flags.set(name, flag);
  return created(view(flag));
}

function change(call: Call): Answer {
  const { project, flag } = find(call);
  const name = text(call.fields, 'name') ?? flag.name;
  if (name !== flag.name) checkName(project, name);
  const next: Flag = {
    ...flag,
    name,
    description: text(call.fields, 'description') ?? flag.description,
    active: truth(call.fields, 'active') ?? flag.active,
    strategies: changedStrategies(call, flag.strategies),
    updatedAt: call.world.now(),
  };
  project.flags.delete(flag.name);
  project.flags.set(name, next);
  return ok(view(next));
}

function remove(call: Call): Answer {
  const { project, flag } = find(call);
  project.flags.delete(flag.name);
  return { status: 204 };
}

const nameRule =
  "Name can contain only lowercase letters, digits, '_' and '-'. Must start with a letter, and cannot end with '-' or '_'";

/** GitLab answers 400 with a list of messages for a taken or malformed name. */
function checkName(project: Project, name: string): void {
  if (!/^[a-z]([-_a-z0-9]*[a-z0-9])?$/.test(name) || name.length > 63) {
    throw new Refusal(400, { message: [nameRule] });
  }
  if (project.flags.has(name)) throw new Refusal(400, { message: ['Name has already been taken'] });
}

function view(flag: Flag) {
  return {
    name: flag.name,
    description: flag.description,
    active: flag.active,
    version: 'new_version_flag',
    created_at: iso(flag.createdAt),
    updated_at: iso(flag.updatedAt),
    scopes: [],
    strategies: flag.strategies.map((strategy) => ({ ...strategy, user_list: null })),
  };
}
