import type { Block } from '../../slack/types.ts';

/** A text object: `mrkdwn` is styled, `plain_text` is not. */
export interface Text {
  readonly styled: boolean;
  readonly text: string;
}

/** The question a button asks before it acts. */
export interface Question {
  readonly title: Text;
  readonly text: Text;
  readonly yes: Text;
  readonly no: Text;
  readonly danger: boolean;
}

/** A button as the page draws it. */
export interface Button {
  readonly kind: 'button';
  readonly actionId: string;
  readonly text: Text;
  readonly look: 'default' | 'primary' | 'danger';
  /** Empty: the press goes to the app only. */
  readonly url: string;
  readonly label: string;
  readonly confirm: Question | undefined;
}

/** A menu behind three dots; each option is a press of its own. */
export interface Menu {
  readonly kind: 'menu';
  readonly actionId: string;
  readonly options: readonly { readonly value: string; readonly text: Text; readonly url: string }[];
  readonly confirm: Question | undefined;
}

/** A picture with the words that stand for it. */
export interface Picture {
  readonly kind: 'image';
  readonly url: string;
  readonly alt: string;
  readonly title: Text | undefined;
}

/** What a block contains, once it is known to be well formed. */
export type Part =
  | {
      readonly kind: 'section';
      readonly blockId: string;
      readonly text: Text | undefined;
      readonly fields: readonly Text[];
      readonly accessory: Button | Menu | Picture | undefined;
    }
  | { readonly kind: 'header'; readonly text: Text }
  | { readonly kind: 'divider' }
  | { readonly kind: 'context'; readonly elements: readonly (Text | Picture)[] }
  | { readonly kind: 'actions'; readonly blockId: string; readonly controls: readonly (Button | Menu)[] }
  | { readonly kind: 'markdown'; readonly text: string }
  | Picture
  | { readonly kind: 'unknown'; readonly type: string };

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
}

function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function webUrl(value: unknown): string {
  return /^https?:\/\//i.test(string(value)) ? string(value) : '';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function known<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

function readText(value: unknown): Text | undefined {
  const text = fields(value);
  if (text === undefined || typeof text.text !== 'string') return undefined;
  return { styled: text.type === 'mrkdwn', text: text.text };
}

function textOr(value: unknown, otherwise: string): Text {
  return readText(value) ?? { styled: false, text: otherwise };
}

function readQuestion(value: unknown): Question | undefined {
  const question = fields(value);
  if (question === undefined) return undefined;
  return {
    title: textOr(question.title, 'Are you sure?'),
    text: textOr(question.text, ''),
    yes: textOr(question.confirm, 'Yes'),
    no: textOr(question.deny, 'Cancel'),
    danger: question.style === 'danger',
  };
}

function readButton(value: unknown): Button | undefined {
  const button = fields(value);
  if (button?.type !== 'button') return undefined;
  const look = button.style === 'primary' || button.style === 'danger' ? button.style : 'default';
  return {
    kind: 'button',
    actionId: string(button.action_id),
    text: textOr(button.text, string(button.action_id)),
    look,
    url: webUrl(button.url),
    label: string(button.accessibility_label),
    confirm: readQuestion(button.confirm),
  };
}

function readMenu(value: unknown): Menu | undefined {
  const menu = fields(value);
  if (menu?.type !== 'overflow') return undefined;
  const options = list(menu.options).flatMap((each) => known(fields(each)));
  return {
    kind: 'menu',
    actionId: string(menu.action_id),
    options: options.map((option) => ({
      value: string(option.value),
      text: textOr(option.text, string(option.value)),
      url: webUrl(option.url),
    })),
    confirm: readQuestion(menu.confirm),
  };
}

function readPicture(value: unknown): Picture | undefined {
  const image = fields(value);
  if (image?.type !== 'image') return undefined;
  return {
    kind: 'image',
    url: string(image.image_url),
    alt: string(image.alt_text),
    title: readText(image.title),
  };
}

/** Reads a block as the app sent it; what the page cannot draw becomes `unknown` with its type. */
export function readBlock(block: Block): Part {
  switch (block.type) {
    case 'section':
      return {
        kind: 'section',
        blockId: string(block.block_id),
        text: readText(block.text),
        fields: list(block.fields).flatMap((each) => known(readText(each))),
        accessory: readButton(block.accessory) ?? readMenu(block.accessory) ?? readPicture(block.accessory),
      };
    case 'header':
      return { kind: 'header', text: textOr(block.text, '') };
    case 'divider':
      return { kind: 'divider' };
    case 'context':
      return {
        kind: 'context',
        elements: list(block.elements).flatMap((each) => known(readPicture(each) ?? readText(each))),
      };
    case 'actions':
      return {
        kind: 'actions',
        blockId: string(block.block_id),
        controls: list(block.elements).flatMap((each) => known(readButton(each) ?? readMenu(each))),
      };
    case 'markdown':
      return { kind: 'markdown', text: string(block.text) };
    case 'image':
      return readPicture(block) ?? { kind: 'unknown', type: block.type };
    default:
      return { kind: 'unknown', type: block.type };
  }
}

/** The texts that open a message, where its state stands as glyph and word: header and first section, else its plain text. */
export function leadTexts(message: {
  readonly text: string;
  readonly blocks: readonly Block[];
}): readonly string[] {
  const leads = message.blocks.slice(0, 2).flatMap((block) => {
    const part = readBlock(block);
    if (part.kind === 'markdown') return [part.text];
    return part.kind === 'header' || part.kind === 'section' ? known(part.text?.text) : [];
  });
  return leads.length > 0 ? leads : [message.text];
}
