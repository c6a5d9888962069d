import { useEffect, useRef, useState } from 'preact/hooks';
import { complete, type Suggestion, sharedLength, step } from './completion.ts';
import { emptyHistory, look, remember } from './history.ts';
import { Icon } from './icons.tsx';

interface OffersProps {
  readonly offers: readonly Suggestion[];
  readonly typed: string;
  readonly chosen: number;
  readonly onTake: (text: string) => void;
}

function Offers({ offers, typed, chosen, onTake }: OffersProps) {
  return (
    <div class="offers" id="offers" role="listbox" aria-label="Commands">
      {offers.map((offer, index) => {
        const shared = sharedLength(typed, offer.text);
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the box's own (combobox pattern).
          <div
            key={offer.text}
            id={`offer-${index}`}
            class="offer"
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onTake(offer.text)}
          >
            <code>
              <b>{offer.text.slice(0, shared)}</b>
              {offer.text.slice(shared)}
            </code>
            <span class="offer-hint">{offer.hint}</span>
          </div>
        );
      })}
      <p class="offers-keys" aria-hidden="true">
        <kbd>↑</kbd>
        <kbd>↓</kbd> choose <kbd>Tab</kbd> fill in <kbd>Enter</kbd> send <kbd>Esc</kbd> close
      </p>
    </div>
  );
}

interface ChipsProps {
  readonly suggestions: readonly Suggestion[];
  readonly onTake: (text: string) => void;
}

function Chips({ suggestions, onTake }: ChipsProps) {
  return (
    <div class="chips">
      <span class="chips-label">Try:</span>
      {suggestions.map((each) => (
        <button
          type="button"
          class="chip"
          key={each.text}
          title={each.hint}
          data-testid="chip"
          onClick={() => onTake(each.text)}
        >
          {each.text}
        </button>
      ))}
    </div>
  );
}

interface ComposerProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Resolves to false when the line was not taken. */
  readonly onSend: (text: string) => Promise<boolean>;
  readonly suggestions: readonly Suggestion[];
  readonly person: string;
  readonly channel: string;
  /** Changes when something else filled in the box: it takes the keys then. */
  readonly filled: number;
}

function useLine({ text, onText, onSend }: ComposerProps) {
  const [history, setHistory] = useState(emptyHistory);
  const [failed, setFailed] = useState(false);
  const send = async () => {
    const line = text.trim();
    if (line === '') return;
    setHistory(remember(history, line));
    onText('');
    const taken = await onSend(line);
    setFailed(!taken);
    if (!taken) onText(line);
  };
  const back = (by: 1 | -1): boolean => {
    const found = look(history, by, text);
    if (found === undefined) return false;
    setHistory(found.history);
    onText(found.text);
    return true;
  };
  const isLookingBack = history.at < history.lines.length;
  return { send, back, failed, isLookingBack };
}

/** Where a person types: completes commands, remembers what was sent. */
export function Composer(props: ComposerProps) {
  const { text, onText, suggestions, person, channel, filled } = props;
  const box = useRef<HTMLInputElement>(null);
  const [closed, setClosed] = useState(true);
  const [chosen, choose] = useState(-1);
  const { send, back, failed, isLookingBack } = useLine(props);
  const offers = closed || isLookingBack ? [] : complete(text, suggestions);

  const take = (line: string) => {
    onText(line);
    setClosed(true);
    choose(-1);
    box.current?.focus();
  };
  useEffect(() => {
    if (filled > 0) take(text);
  }, [filled]);

  const onArrow = (by: 1 | -1): boolean => {
    if (offers.length === 0) return text === '' || isLookingBack ? back(by) : false;
    choose(step(chosen, by, offers.length));
    return true;
  };
  const onKey = (event: KeyboardEvent): boolean => {
    if (event.isComposing) return false;
    if (event.key === 'ArrowUp') return onArrow(-1);
    if (event.key === 'ArrowDown') return onArrow(1);
    const offer = offers[Math.max(chosen, 0)];
    if (event.key === 'Tab' && !event.shiftKey && offer !== undefined) {
      take(offer.text);
      return true;
    }
    if (event.key === 'Escape' && offers.length > 0) {
      setClosed(true);
      return true;
    }
    if (event.key !== 'Enter') return false;
    if (chosen >= 0 && offer !== undefined) take(offer.text);
    else {
      setClosed(true);
      void send();
    }
    return true;
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {offers.length > 0 && <Offers offers={offers} typed={text} chosen={chosen} onTake={take} />}
      <Chips suggestions={suggestions} onTake={take} />
      <div class="composer-box">
        <input
          ref={box}
          type="text"
          data-testid="composer"
          value={text}
          placeholder={`As ${person} in ${channel}. Type / for commands`}
          aria-label={`Message ${channel} as ${person}`}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={offers.length > 0}
          aria-controls="offers"
          aria-activedescendant={chosen >= 0 && offers.length > 0 ? `offer-${chosen}` : undefined}
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
          enterKeyHint="send"
          onInput={(event) => {
            onText(event.currentTarget.value);
            setClosed(false);
            choose(-1);
          }}
          onBlur={() => setClosed(true)}
          onKeyDown={(event) => onKey(event) && event.preventDefault()}
        />
        <button type="submit" class="send" data-testid="send" aria-label="Send" disabled={text.trim() === ''}>
          <Icon name="send" />
        </button>
      </div>
      {failed && (
        <p class="composer-failed" role="alert">
          The sandbox did not take this line. Is it still running? Your text is kept.
        </p>
      )}
    </form>
  );
}
