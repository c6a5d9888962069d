import type { Block } from '../../slack/types.ts';
import { BlockButton } from './button.tsx';
import { InlineText, Markdown, TextView } from './marks.tsx';
import { BlockMenu } from './menu.tsx';
import { type Button, type Menu, type Part, type Picture, readBlock } from './parts.ts';

function PictureView({ picture, small }: { readonly picture: Picture; readonly small: boolean }) {
  const image = (
    <img class={small ? 'picture-small' : 'picture'} src={picture.url} alt={picture.alt} loading="lazy" />
  );
  if (small || picture.title === undefined) return image;
  return (
    <figure>
      <figcaption>
        <InlineText text={picture.title} />
      </figcaption>
      {image}
    </figure>
  );
}

function ControlView({ control, blockId }: { readonly control: Button | Menu; readonly blockId: string }) {
  return control.kind === 'button' ? (
    <BlockButton button={control} blockId={blockId} />
  ) : (
    <BlockMenu menu={control} blockId={blockId} />
  );
}

function Section({ part }: { readonly part: Extract<Part, { kind: 'section' }> }) {
  const { text, fields, accessory } = part;
  return (
    <div class="block section">
      <div class="section-main">
        {text !== undefined && <TextView text={text} />}
        {fields.length > 0 && (
          <div class="fields">
            {fields.map((field, index) => (
              <div class="field" key={index}>
                <TextView text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory?.kind === 'image' && <PictureView picture={accessory} small={false} />}
      {accessory !== undefined && accessory.kind !== 'image' && (
        <ControlView control={accessory} blockId={part.blockId} />
      )}
    </div>
  );
}

function SmallPrint({ part }: { readonly part: Extract<Part, { kind: 'context' }> }) {
  return (
    <div class="block small-print">
      {part.elements.map((element, index) => (
        <span key={index}>
          {'kind' in element ? <PictureView picture={element} small /> : <InlineText text={element} />}
        </span>
      ))}
    </div>
  );
}

function OneBlock({ part }: { readonly part: Part }) {
  switch (part.kind) {
    case 'section':
      return <Section part={part} />;
    case 'header':
      return (
        <h3 class="block block-header">
          <InlineText text={part.text} />
        </h3>
      );
    case 'divider':
      return <hr class="block" />;
    case 'context':
      return <SmallPrint part={part} />;
    case 'actions':
      return (
        <div class="block actions">
          {part.controls.map((control) => (
            <ControlView key={control.actionId} control={control} blockId={part.blockId} />
          ))}
        </div>
      );
    case 'markdown':
      return (
        <div class="block">
          <Markdown text={part.text} />
        </div>
      );
    case 'image':
      return (
        <div class="block">
          <PictureView picture={part} small={false} />
        </div>
      );
    default:
      return <p class="block small-print">A “{part.type}” block, which this sandbox does not draw.</p>;
  }
}

/** A message's blocks, drawn in order. */
export function Blocks({ blocks }: { readonly blocks: readonly Block[] }) {
  return (
    <div class="blocks">
      {blocks.map((block, index) => {
        const part = readBlock(block);
        // A row of controls moves when blocks come before it; an open dialog of it must stay open.
        return <OneBlock key={part.kind === 'actions' ? part.blockId : index} part={part} />;
      })}
    </div>
  );
}
