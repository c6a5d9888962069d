import { projectFor } from '../access.ts';
import { requiredText, text, truth } from '../fields.ts';
import { notFound, unprocessable } from '../refusal.ts';
import { type Answer, type Call, created, ok, page, type Route } from '../route.ts';
import { iso } from '../views/times.ts';
import { type Hook, level, type Project } from '../world.ts';

const one = '/projects/:id/hooks/:hook_id';

/** Endpoints for a project's webhooks (https://docs.gitlab.com/api/project_webhooks/). */
export const hookRoutes: readonly Route[] = [
  { method: 'GET', url: '/projects/:id/hooks', answer: list },
  { method: 'POST', url: '/projects/:id/hooks', answer: add },
  { method: 'GET', url: one, answer: (call) => ok(view(find(call).hook)) },
  { method: 'PUT', url: one, answer: change },
  { method: 'DELETE', url: one, answer: remove },
];

function find(call: Call): { readonly project: Project; readonly hook: Hook } {
  const project = projectFor(call, level.maintainer);
  const hook = project.hooks.get(Number(call.path.hook_id));
  if (!hook) throw notFound();
  return { project, hook };
}

function list(call: Call): Answer {
  return page(call, [...projectFor(call, level.maintainer).hooks.values()], view);
}

function add(call: Call): Answer {
  const project = projectFor(call, level.maintainer);
  const blank: Hook = {
    id: call.world.nextId(),
    uuid: call.world.uuid(),
    projectId: project.ci.id,
    url: requiredText(call.fields, 'url'),
    name: '',
    description: '',
    token: '',
    signingToken: '',
    pipelineEvents: false,
    jobEvents: false,
    // GitLab sends pushes unless told not to.
    pushEvents: true,
    mergeRequestEvents: false,
    createdAt: call.world.now(),
  };
  return created(view(save(project, filled(call, blank))));
}

function change(call: Call): Answer {
  const { project, hook } = find(call);
  return ok(view(save(project, filled(call, hook))));
}

function remove(call: Call): Answer {
  const { project, hook } = find(call);
  project.hooks.delete(hook.id);
  return { status: 204 };
}

function filled({ fields }: Call, hook: Hook): Hook {
  return {
    ...hook,
    url: text(fields, 'url') ?? hook.url,
    name: text(fields, 'name') ?? hook.name,
    description: text(fields, 'description') ?? hook.description,
    token: text(fields, 'token') ?? hook.token,
    signingToken: text(fields, 'signing_token') ?? hook.signingToken,
    pipelineEvents: truth(fields, 'pipeline_events') ?? hook.pipelineEvents,
    jobEvents: truth(fields, 'job_events') ?? hook.jobEvents,
    pushEvents: truth(fields, 'push_events') ?? hook.pushEvents,
    mergeRequestEvents: truth(fields, 'merge_requests_events') ?? hook.mergeRequestEvents,
  };
}

function save(project: Project, hook: Hook): Hook {
  if (!/^https?:\/\/[^\s/]/.test(hook.url) || !URL.canParse(hook.url)) {
    throw unprocessable({ url: ['is blocked: Only allowed schemes are http, https'] });
  }
  if (hook.signingToken !== '' && !/^whsec_[A-Za-z0-9+/]+=*$/.test(hook.signingToken)) {
    throw unprocessable({ signing_token: ['is invalid'] });
  }
  project.hooks.set(hook.id, hook);
  return hook;
}

function view(hook: Hook) {
  return {
    id: hook.id,
    url: hook.url,
    name: hook.name,
    description: hook.description,
    project_id: hook.projectId,
    created_at: iso(hook.createdAt),
    pipeline_events: hook.pipelineEvents,
    job_events: hook.jobEvents,
    push_events: hook.pushEvents,
    tag_push_events: false,
    merge_requests_events: hook.mergeRequestEvents,
    enable_ssl_verification: true,
    alert_status: 'executable',
    disabled_until: null,
    url_variables: [],
    custom_headers: [],
  };
}
