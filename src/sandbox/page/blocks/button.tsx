import { useContext, useEffect, useState } from 'preact/hooks';
import { Icon } from '../icons.tsx';
import { Ask } from './ask.tsx';
import { InlineText } from './marks.tsx';
import type { Button } from './parts.ts';
import { PressingHere } from './pressing.ts';

const waitAtMost = 4000;

/** A button of a message: asks first if it must, shows that it was pressed, opens its link in a new tab. */
export function BlockButton({ button, blockId }: { readonly button: Button; readonly blockId: string }) {
  const { press, changes } = useContext(PressingHere);
  const [asking, ask] = useState(false);
  const [waiting, wait] = useState(false);
  useEffect(() => wait(false), [changes]);
  useEffect(() => {
    const timer = waiting ? setTimeout(() => wait(false), waitAtMost) : undefined;
    return () => clearTimeout(timer);
  }, [waiting]);

  const act = async () => {
    if (button.url === '') wait(true);
    if (!(await press(blockId, button.actionId))) wait(false);
  };
  const onClick = (event: Event) => {
    if (waiting) return;
    if (button.confirm === undefined) return void act();
    event.preventDefault();
    ask(true);
  };
  const onAnswer = (yes: boolean) => {
    ask(false);
    if (!yes) return;
    if (button.url !== '') window.open(button.url, '_blank', 'noopener');
    void act();
  };
  const shared = {
    class: `button button-${button.look}${waiting ? ' is-waiting' : ''}`,
    'data-testid': 'block-button',
    'data-action-id': button.actionId,
    onClick,
    ...(button.label === '' ? {} : { 'aria-label': button.label }),
  };
  const label = <InlineText text={button.text} />;
  return (
    <>
      {button.url === '' ? (
        <button type="button" {...shared} aria-busy={waiting}>
          {label}
        </button>
      ) : (
        <a {...shared} href={button.url} target="_blank" rel="noopener noreferrer">
          {label}
          <Icon name="out" />
        </a>
      )}
      {asking && button.confirm !== undefined && <Ask question={button.confirm} onAnswer={onAnswer} />}
    </>
  );
}
