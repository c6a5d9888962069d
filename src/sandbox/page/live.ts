import type { Exchange, Message, PageEvent, Press, State, Typed } from '../slack/types.ts';

/** What the page hears about one person's view of the sandbox. */
export interface Listener {
  readonly line: (line: 'connecting' | 'open' | 'lost') => void;
  readonly loaded: (state: State) => void;
  readonly came: (event: PageEvent) => void;
}

const retryAfter = 1000;

async function readState(as: string): Promise<State> {
  const answer = await fetch(`/sandbox/state?as=${encodeURIComponent(as)}`, { cache: 'no-store' });
  if (!answer.ok) throw new Error(`Reading the sandbox's state for ${as} answered ${answer.status}.`);
  return (await answer.json()) as State;
}

/**
 * Listens to what one person may see, until the returned function is called. Whenever the line opens (again) the
 * state is read anew; events that come meanwhile are held back until it is there.
 */
export function follow(as: string, listener: Listener): () => void {
  let ended = false;
  let generation = 0;
  let reading = false;
  let held: PageEvent[] = [];
  let source: EventSource | undefined;
  let timer: number | undefined;

  const load = async () => {
    generation += 1;
    reading = true;
    const mine = generation;
    const state = await readState(as).catch(() => undefined);
    if (ended || mine !== generation) return;
    reading = false;
    if (state === undefined) return again();
    listener.loaded(state);
    listener.line('open');
    for (const event of held.splice(0)) listener.came(event);
  };
  const hear = (event: PageEvent) => {
    if (reading) held.push(event);
    else listener.came(event);
  };
  const connect = () => {
    source?.close();
    held = [];
    const line = new EventSource(`/sandbox/events?as=${encodeURIComponent(as)}`);
    line.addEventListener('open', () => void load());
    line.addEventListener('message', ({ data }) =>
      hear({ event: 'message', value: JSON.parse(data) as Message }),
    );
    line.addEventListener('exchange', ({ data }) =>
      hear({ event: 'exchange', value: JSON.parse(data) as Exchange }),
    );
    line.addEventListener('error', () => again());
    source = line;
  };
  const again = () => {
    if (ended) return;
    source?.close();
    generation += 1;
    reading = false;
    listener.line('lost');
    clearTimeout(timer);
    timer = setTimeout(() => {
      connect();
      void load();
    }, retryAfter);
  };

  listener.line('connecting');
  connect();
  void load();
  return () => {
    ended = true;
    clearTimeout(timer);
    source?.close();
  };
}

async function post(path: string, body: Typed | Press): Promise<boolean> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const answer = await fetch(path, request).catch(() => undefined);
  return answer?.ok === true;
}

/** Types a line into a channel; false when the sandbox did not take it. */
export function typeLine(typed: Typed): Promise<boolean> {
  return post('/sandbox/type', typed);
}

/** Presses a message's button; false when the sandbox did not take it. */
export function pressButton(press: Press): Promise<boolean> {
  return post('/sandbox/press', press);
}
