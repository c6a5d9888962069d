import type { Button, Part } from '../../core/reply.ts';
import { begun, cut } from './cut.ts';
import { limits, taste } from './limits.ts';
import { safeUrl, visible } from './mrkdwn.ts';
import { actionId } from './press.ts';

/** Slack's `plain_text`: shown as it is, only line breaks mean something. */
export interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

/** A button of ours, or one that only opens a page. https://docs.slack.dev/reference/block-kit/block-elements/button-element */
export interface ButtonElement {
  readonly type: 'button';
  readonly action_id: string;
  readonly text: PlainText;
  readonly value?: string;
  readonly url?: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: {
    readonly title: PlainText;
    readonly text: PlainText;
    readonly confirm: PlainText;
    readonly deny: PlainText;
    readonly style: 'primary' | 'danger';
  };
}

type Links = Extract<Part, { part: 'links' }>['links'];

// An empty plain_text is refused.
const plain = (text: string, room: number, otherwise: string): PlainText => ({
  type: 'plain_text',
  text: cut(visible(begun(text, room)).replace(/\s+/g, ' ').trim(), room) || otherwise,
  emoji: false,
});

/** One row: pages to open first, then what can be done. `calling` makes the first page the thing to press. */
export function rowOf(links: Links, buttons: readonly Button[], calling: boolean): readonly ButtonElement[] {
  const pages = links.flatMap(({ label, url }) => {
    const safe = safeUrl(url);
    return safe === undefined ? [] : [{ label, url: safe }];
  });
  const openers = pages.slice(0, taste.linksPerRow).map(
    ({ label, url }, at): ButtonElement => ({
      type: 'button',
      action_id: `chatops-open.${at}`,
      text: plain(label, limits.buttonText, 'Open'),
      url,
      ...(calling && at === 0 ? { style: 'primary' } : {}),
    }),
  );
  return [...openers, ...buttons.map(buttonElement)].slice(0, limits.actions);
}

function buttonElement(button: Button, at: number, all: readonly Button[]): ButtonElement {
  const before = all.slice(0, at).filter(({ action }) => action === button.action).length;
  return {
    type: 'button',
    action_id: actionId(button.action, before),
    text: plain(button.label, limits.buttonText, button.action),
    value: button.runId,
    ...(button.tone === 'plain' ? {} : { style: button.tone }),
    ...(button.confirm === undefined ? {} : { confirm: confirmOf(button.confirm, button.tone) }),
  };
}

const confirmOf = (confirm: NonNullable<Button['confirm']>, tone: Button['tone']) =>
  ({
    title: plain(confirm.title, limits.confirmTitle, 'Sure?'),
    text: plain(confirm.text, limits.confirmText, 'This cannot be taken back.'),
    confirm: plain(confirm.yes, limits.confirmButton, 'Yes'),
    deny: plain(confirm.no, limits.confirmButton, 'No'),
    style: tone === 'danger' ? 'danger' : 'primary',
  }) as const;
