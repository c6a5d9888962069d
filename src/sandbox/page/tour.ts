import type { Message, State } from '../slack/types.ts';
import type { Place } from './place.ts';

/** One thing to try: as whom, where, and what to type. */
export interface Step {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly username: string;
  readonly channel: string;
  readonly words: string;
}

/** The tour, in order: the three ways a command can run, then a refusal. */
export const tour: readonly Step[] = [
  {
    id: 'direct',
    title: 'Read a feature flag',
    why: 'A quick question, answered in the same breath.',
    username: 'bo',
    channel: 'shop-dev',
    words: 'flag get checkout-v2',
  },
  {
    id: 'wait',
    title: 'Shift load-balancer traffic',
    why: 'A pipeline runs; its message follows every stage to the end.',
    username: 'ana',
    channel: 'ops-prod',
    words: 'lb weight web 10',
  },
  {
    id: 'link',
    title: 'Release with a manual step',
    why: 'You get the link. The last button is pressed in GitLab, by a person.',
    username: 'ana',
    channel: 'ops-prod',
    words: 'release web v42',
  },
  {
    id: 'refused',
    title: 'Now try it without the right',
    why: 'Same command as another person, in another room: refused, with the reason.',
    username: 'bo',
    channel: 'shop-dev',
    words: 'lb weight web 10',
  },
];

/** Where a step takes place and its full command; undefined when the sandbox lacks its person or channel. */
export function placeOf(step: Step, state: State): (Place & { readonly text: string }) | undefined {
  const person = state.people.find((each) => each.username === step.username);
  const channel = state.channels.find((each) => each.name === step.channel);
  if (person === undefined || channel === undefined) return undefined;
  return { as: person.id, channel: channel.id, text: `${state.app.command} ${step.words}` };
}

/** The steps that a typed command has done. */
export function doneBy(message: Message, state: State): readonly string[] {
  if (message.from !== 'person') return [];
  return tour
    .filter((step) => {
      const place = placeOf(step, state);
      return (
        place?.as === message.user && place.channel === message.channel && message.text.startsWith(place.text)
      );
    })
    .map((step) => step.id);
}
