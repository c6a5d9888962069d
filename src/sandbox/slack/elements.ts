import { limits } from './limits.ts';
import { byType, type Check, flag, list, object, string, word } from './shape.ts';

/** A `plain_text` object of at most `max` characters. */
export function plainText(max: number): Check {
  return byType({ plain_text: object({ type: string(20), text: string(max) }, { emoji: flag }) });
}

/** A `plain_text` or `mrkdwn` object of at most `max` characters. */
export function anyText(max: number): Check {
  return byType({
    plain_text: plainText(max),
    mrkdwn: object({ type: string(20), text: string(max) }, { verbatim: flag }),
  });
}

const type = string(50);
const identifier = string(limits.identifier);
const url = string(limits.url);

const confirm = object(
  {
    title: plainText(limits.confirmTitle),
    text: anyText(limits.confirmText),
    confirm: plainText(limits.confirmButton),
    deny: plainText(limits.confirmButton),
  },
  { style: word('primary', 'danger') },
);

const button = object(
  { type, text: plainText(limits.buttonText) },
  {
    action_id: identifier,
    url,
    value: string(limits.controlValue),
    style: word('primary', 'danger'),
    confirm,
    accessibility_label: string(limits.buttonText),
  },
);

const option = object(
  { text: plainText(limits.optionText), value: string(limits.optionValue) },
  { description: plainText(limits.optionText), url },
);

const overflow = object(
  { type, options: list(option, 1, limits.overflowOptions) },
  { action_id: identifier, confirm },
);

const image = object({ type, image_url: url, alt_text: string(limits.imageAltText) });

/** What may stand in an `actions` block. */
export const control: Check = byType({ button, overflow });

/** What may stand beside a section's text. */
export const accessory: Check = byType({ button, overflow, image });

/** What may stand in a `context` block. */
export const noteElement: Check = byType({
  image,
  plain_text: plainText(limits.noteText),
  mrkdwn: anyText(limits.noteText),
});
