import { useContext } from 'preact/hooks';
import type { Exchange } from '../slack/types.ts';
import { Icon } from './icons.tsx';
import { KnownHere } from './known.ts';
import { writeDate } from './text/dates.ts';

const limit = 3000;

function speed(milliseconds: number): 'good' | 'held' | 'bad' {
  return milliseconds < limit / 3 ? 'good' : milliseconds < limit ? 'held' : 'bad';
}

function TimeBar({ milliseconds }: { readonly milliseconds: number }) {
  const width = Math.min(100, Math.max(1, (milliseconds / limit) * 100));
  return (
    <span
      class={`time-bar tone-${speed(milliseconds)}`}
      title={`${milliseconds} ms of the 3 s that the chat app waits`}
    >
      <span class="time-fill" style={{ width: `${width}%` }} />
    </span>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function Body({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <>
      <h3>{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard. */}
      <pre tabIndex={0}>{text === '' ? '(empty)' : pretty(text)}</pre>
    </>
  );
}

function ExchangeRow({ exchange }: { readonly exchange: Exchange }) {
  const { clock } = useContext(KnownHere);
  const toApp = exchange.direction === 'to app';
  const failed = exchange.status >= 400 || exchange.status === 0;
  return (
    <details class="exchange" data-testid="exchange">
      <summary>
        <span class={`way ${toApp ? 'way-to' : 'way-from'}`} title={exchange.direction}>
          <Icon name={toApp ? 'into' : 'from'} />
          <span class="sr-only">{exchange.direction}</span>
        </span>
        <span class="exchange-what">{exchange.what}</span>
        <span class={failed ? 'status status-bad' : 'status'}>
          {exchange.status === 0 ? 'no answer' : exchange.status}
        </span>
        <TimeBar milliseconds={exchange.milliseconds} />
        <span class="exchange-ms">{exchange.milliseconds} ms</span>
        <span class="exchange-note">{exchange.note}</span>
      </summary>
      <div class="exchange-bodies">
        <p class="exchange-at">
          {writeDate(exchange.at / 1000, '{time_secs}', clock)} ·{' '}
          {toApp ? 'chat to gateway' : 'gateway to chat'}
        </p>
        <Body title="Request" text={exchange.request} />
        <Body title="Answer" text={exchange.response} />
      </div>
    </details>
  );
}

interface RequestsProps {
  readonly exchanges: readonly Exchange[];
  readonly onClose: () => void;
}

/** What the chat and the gateway said to each other over HTTP, newest first. */
export function Requests({ exchanges, onClose }: RequestsProps) {
  return (
    <aside class="requests" id="requests" data-testid="requests" aria-label="Requests">
      <header class="requests-head">
        <div>
          <h2>Requests</h2>
          <p>Every call between chat and gateway, as it was sent. The bar is the chat app’s 3 s limit.</p>
        </div>
        <button type="button" class="icon-button" aria-label="Close requests" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="requests-list">
        {exchanges.length === 0 && (
          <p class="requests-none">Nothing yet. Send a command and watch it here.</p>
        )}
        {exchanges.toReversed().map((exchange) => (
          <ExchangeRow key={exchange.id} exchange={exchange} />
        ))}
      </div>
    </aside>
  );
}
