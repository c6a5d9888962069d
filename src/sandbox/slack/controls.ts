import { isRecord } from './shape.ts';
import type { Block } from './types.ts';

/** A button or overflow menu of a stored message. */
export interface Control {
  readonly blockId: string;
  readonly element: Readonly<Record<string, unknown>>;
}

/** The same blocks where each has a `block_id` and each control an `action_id`, as Slack adds them where an app left them out. */
export function withIds(blocks: readonly Block[], random: () => string): readonly Block[] {
  const fresh = (place: string) => `${random().slice(0, 5)}${place}`;
  return blocks.map((block, at) => ({
    ...block,
    block_id: block.block_id ?? fresh(`b${at}`),
    ...(isControl(block.accessory) ? { accessory: named(block.accessory, fresh(`a${at}`)) } : {}),
    ...(block.type === 'actions' && Array.isArray(block.elements)
      ? {
          elements: block.elements.map((each, place) =>
            isControl(each) ? named(each, fresh(`a${place}`)) : each,
          ),
        }
      : {}),
  }));
}

/** The control with these ids, or null when the blocks have none such. */
export function findControl(blocks: readonly Block[], blockId: string, actionId: string): Control | null {
  const block = blocks.find((each) => each.block_id === blockId);
  if (block === undefined) return null;
  const elements =
    block.type === 'actions' && Array.isArray(block.elements) ? block.elements : [block.accessory];
  const element = elements.filter(isControl).find((each) => each.action_id === actionId);
  return element === undefined ? null : { blockId, element };
}

function isControl(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && (value.type === 'button' || value.type === 'overflow');
}

function named(element: Record<string, unknown>, id: string): Record<string, unknown> {
  return { ...element, action_id: element.action_id ?? id };
}
