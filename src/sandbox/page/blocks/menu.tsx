import { useContext, useRef, useState } from 'preact/hooks';
import { Icon } from '../icons.tsx';
import { Ask } from './ask.tsx';
import { InlineText } from './marks.tsx';
import type { Menu } from './parts.ts';
import { PressingHere } from './pressing.ts';

/** A menu of a message: opens on its three dots, closes on a choice, on Escape and when left. */
export function BlockMenu({ menu, blockId }: { readonly menu: Menu; readonly blockId: string }) {
  const { press } = useContext(PressingHere);
  const box = useRef<HTMLDetailsElement>(null);
  const [asking, ask] = useState<string | undefined>();

  const close = () => {
    if (box.current !== null) box.current.open = false;
  };
  const act = (option: string) => void press(blockId, menu.actionId, option);
  const choose = (option: string) => {
    close();
    if (menu.confirm === undefined) act(option);
    else ask(option);
  };
  const onAnswer = (yes: boolean) => {
    if (yes && asking !== undefined) act(asking);
    ask(undefined);
  };
  return (
    <>
      <details
        class="menu"
        ref={box}
        onKeyDown={(event) => event.key === 'Escape' && close()}
        onFocusOut={(event) => {
          const to = event.relatedTarget;
          if (!(to instanceof Node && event.currentTarget.contains(to))) close();
        }}
      >
        <summary class="button" aria-label="More" data-testid="block-button" data-action-id={menu.actionId}>
          <Icon name="dots" />
        </summary>
        <div class="menu-list">
          {menu.options.map((option) =>
            option.url === '' ? (
              <button
                type="button"
                key={option.value}
                class="menu-option"
                data-option={option.value}
                onClick={() => choose(option.value)}
              >
                <InlineText text={option.text} />
              </button>
            ) : (
              <a
                key={option.value}
                class="menu-option"
                href={option.url}
                target="_blank"
                rel="noopener noreferrer"
              >
                <InlineText text={option.text} />
                <Icon name="out" />
              </a>
            ),
          )}
        </div>
      </details>
      {asking !== undefined && menu.confirm !== undefined && (
        <Ask question={menu.confirm} onAnswer={onAnswer} />
      )}
    </>
  );
}
