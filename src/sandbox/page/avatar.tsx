import type { Person } from '../slack/types.ts';
import { initials, lettersOn } from './colour.ts';
import { Icon, Mark } from './icons.tsx';

/** A person's initials on their colour. */
export function Avatar({ person }: { readonly person: Person }) {
  return (
    <span
      class={`avatar letters-${lettersOn(person.color)}`}
      style={{ '--avatar': person.color }}
      aria-hidden="true"
    >
      {initials(person.name)}
    </span>
  );
}

/** The app's own picture. */
export function AppAvatar() {
  return (
    <span class="avatar avatar-app" aria-hidden="true">
      <Mark />
    </span>
  );
}

/** The picture of the chat's own voice. */
export function SystemAvatar() {
  return (
    <span class="avatar avatar-system" aria-hidden="true">
      <Icon name="hash" />
    </span>
  );
}
