import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { State } from '../slack/types.ts';
import { Icon } from './icons.tsx';
import { MessageView } from './message.tsx';
import { keyOf, type Thread, threadsOf, type View } from './view.ts';

const nearEnd = 120;

interface ThreadProps {
  readonly thread: Thread;
  readonly state: State;
  readonly as: string;
  readonly changes: View['changes'];
}

function ThreadView({ thread, state, as, changes }: ThreadProps) {
  const { root, replies } = thread;
  const draw = (message: Thread['root']) => (
    <MessageView
      key={keyOf(message)}
      message={message}
      state={state}
      as={as}
      changes={changes.get(keyOf(message)) ?? 0}
    />
  );
  return (
    <div class="thread">
      {draw(root)}
      {replies.length > 0 && (
        <details class="replies" data-testid="replies">
          <summary>
            <Icon name="thread" />
            {replies.length === 1 ? '1 reply' : `${replies.length} replies`}
          </summary>
          {replies.map(draw)}
        </details>
      )}
    </div>
  );
}

function isNearEnd(box: HTMLElement): boolean {
  return box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd;
}

interface MessagesProps {
  readonly view: View;
  readonly state: State;
  readonly as: string;
  readonly channel: string;
  readonly children: preact.ComponentChildren;
}

/** A channel's messages; stays at the newest while the visitor is there, else says that something is new. */
export function Messages({ view, state, as, channel, children }: MessagesProps) {
  const box = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const threads = threadsOf(state.messages, channel);
  const count = state.messages.length;

  const toEnd = () => {
    // With nothing but the welcome in it, a channel is read from the top.
    if (box.current !== null) box.current.scrollTop = threads.length === 0 ? 0 : box.current.scrollHeight;
    setAtEnd(true);
  };
  useLayoutEffect(toEnd, [channel, as]);
  useLayoutEffect(() => {
    if (atEnd) toEnd();
  }, [state.messages, count]);
  // A message may grow after it was drawn (a picture, an opened thread): stay at the end then, too.
  useEffect(() => {
    const inner = box.current?.firstElementChild;
    if (inner === null || inner === undefined || !atEnd) return undefined;
    const watch = new ResizeObserver(() => toEnd());
    watch.observe(inner);
    return () => watch.disconnect();
  }, [atEnd, channel]);

  return (
    <div class="messages-frame">
      <section
        class="messages"
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard.
        tabIndex={0}
        aria-label="Messages"
        onScroll={() => box.current !== null && setAtEnd(isNearEnd(box.current))}
      >
        <div class={threads.length === 0 ? 'messages-inner is-empty' : 'messages-inner'}>
          {threads.map((thread) => (
            <ThreadView
              key={keyOf(thread.root)}
              thread={thread}
              state={state}
              as={as}
              changes={view.changes}
            />
          ))}
          {children}
        </div>
      </section>
      {!atEnd && (
        <button type="button" class="to-end" onClick={toEnd}>
          <Icon name="down" />
          Newest
        </button>
      )}
    </div>
  );
}
