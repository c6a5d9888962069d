import type { CiStatus, Job, Pipeline } from '../../ci/types.ts';
import { jobReading, pipelineReading } from '../views/status.ts';
import type { Project, User } from '../world.ts';
import { type Html, html } from './html.ts';

const glyphs: Readonly<Record<CiStatus, string>> = {
  created: '○',
  pending: '◌',
  running: '●',
  success: '✓',
  failed: '✕',
  canceling: '⊘',
  canceled: '⊘',
  skipped: '»',
  manual: '❙❙',
};

/** A status as a coloured pill: glyph and word, never colour alone. */
export function pipelineBadge(pipeline: Pipeline): Html {
  const { text, group } = pipelineReading(pipeline);
  return html`<span class="badge ${group}"><i aria-hidden="true">${glyphs[pipeline.status]}</i> ${text}</span>`;
}

/** A job's status, likewise. */
export function jobBadge(job: Job): Html {
  const { text, group } = jobReading(job);
  return html`<span class="badge ${group}"><i aria-hidden="true">${glyphs[job.status]}</i> ${text}</span>`;
}

/** The round glyph alone, for places that say the word beside it. */
export function jobDot(job: Job): Html {
  const { group } = jobReading(job);
  return html`<i class="dot ${group}" aria-hidden="true">${glyphs[job.status]}</i>`;
}

/** A person's initial in a coloured circle. */
export function avatar(user: { readonly id: number; readonly name: string }): Html {
  return html`<span class="avatar a${user.id % 6}" aria-hidden="true">${user.name.slice(0, 1)}</span>`;
}

/** A button that posts; `id` keeps the focus when the page renews itself. */
export function button(
  action: string,
  label: string,
  look: 'primary' | 'plain' | 'danger',
  id: string,
): Html {
  return html`<form method="post" action="${action}"><button id="${id}" class="${look}">${label}</button></form>`;
}

/** What may still be done with a job, as buttons. Offering is no promise: the roles are checked when pressed. */
export function jobButtons(project: Project, job: Job): Html {
  const action = (verb: string): string => `/${project.ci.path}/-/jobs/${job.id}/${verb}`;
  const id = (verb: string): string => `${verb}-${job.id}`;
  if (job.retried) return html``;
  if (job.status === 'manual') return button(action('play'), '▶ Play', 'primary', id('play'));
  if (job.kind === 'bridge') return html``;
  if (isGoing(job.status)) return button(action('cancel'), 'Cancel', 'plain', id('cancel'));
  if (job.status === 'skipped') return html``;
  return button(action('retry'), 'Retry', 'plain', id('retry'));
}

/** Whether something still goes on, so that cancelling makes sense. */
export function isGoing(status: CiStatus): boolean {
  return status === 'created' || status === 'pending' || status === 'running';
}

/** How long something took or takes, in words; nothing for what has not begun or stands still. */
export function lasted(
  thing: Pick<Job | Pipeline, 'status' | 'startedAt' | 'finishedAt'>,
  now: number,
): string {
  const { status, startedAt, finishedAt } = thing;
  if (startedAt === null || (finishedAt === null && status === 'manual')) return '';
  const total = Math.max(0, Math.round(((finishedAt ?? now) - startedAt) / 1000));
  return total < 60 ? `${total} s` : `${Math.floor(total / 60)} min ${total % 60} s`;
}

/** The duration as a fact of its own, if there is one. */
export function took(thing: Parameters<typeof lasted>[0], now: number): Html | false {
  const time = lasted(thing, now);
  return time !== '' && html`<span>${thing.finishedAt === null ? 'runs for' : 'took'} ${time}</span>`;
}

/** How long ago something was, in words; refreshed with the page. */
export function ago(at: number, now: number): string {
  const minutes = Math.floor(Math.max(0, now - at) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h ago` : `${Math.floor(minutes / 1440)} days ago`;
}

/** The switch between the people of the sandbox. */
export function personSwitch(people: readonly User[], current: User, back: string): Html {
  const one = (user: User): Html => html`<form method="post" action="/-/person/${user.username}">
    <input type="hidden" name="back" value="${back}">
    <button class="person" aria-pressed="${user.id === current.id ? 'true' : 'false'}" title="${user.name}, ${user.title}">${avatar(user)}<span>${user.name.split(' ')[0]}</span></button>
  </form>`;
  return html`<div class="people" role="group" aria-label="Act as"><small>Act as</small>${people.map(one)}</div>`;
}
