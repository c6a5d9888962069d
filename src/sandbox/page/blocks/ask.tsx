import { useEffect, useRef } from 'preact/hooks';
import { InlineText, TextView } from './marks.tsx';
import type { Question } from './parts.ts';

interface AskProps {
  readonly question: Question;
  readonly onAnswer: (yes: boolean) => void;
}

/** The question of a button as a dialog; closing it any other way means no. */
export function Ask({ question, onAnswer }: AskProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const answer = (value: 'yes' | 'no') => dialog.current?.close(value);
  const look = question.danger ? 'danger' : 'primary';
  return (
    <dialog ref={dialog} class="ask" onClose={() => onAnswer(dialog.current?.returnValue === 'yes')}>
      <div class="ask-frame">
        <h2>
          <InlineText text={question.title} />
        </h2>
        <div class="ask-text">
          <TextView text={question.text} />
        </div>
        <div class="ask-buttons">
          <button type="button" class="button" data-testid="confirm-no" onClick={() => answer('no')}>
            <InlineText text={question.no} />
          </button>
          <button
            type="button"
            class={`button button-${look}`}
            data-testid="confirm-yes"
            onClick={() => answer('yes')}
          >
            <InlineText text={question.yes} />
          </button>
        </div>
      </div>
    </dialog>
  );
}
