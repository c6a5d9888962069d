import type { Channel } from '../slack/types.ts';
import { iconOf } from './channel.ts';
import { Icon } from './icons.tsx';
import type { View } from './view.ts';

const lines: Readonly<Record<View['line'], string>> = {
  connecting: 'Connecting',
  open: 'Live',
  lost: 'Reconnecting',
};

interface HeaderProps {
  readonly channel: Channel;
  readonly line: View['line'];
  readonly people: number;
  readonly exchanges: number;
  /** How much of the tour was walked, e.g. `1/4`; empty before its first step. */
  readonly walked: string;
  readonly open: { readonly sidebar: boolean; readonly requests: boolean; readonly tour: boolean };
  readonly onToggle: (pane: 'sidebar' | 'requests' | 'tour') => void;
}

/** The open channel, and the switches of what stands around it. */
export function Header({ channel, line, people, exchanges, walked, open, onToggle }: HeaderProps) {
  return (
    <header class="header">
      <button
        type="button"
        class="icon-button only-narrow"
        aria-label="Channels and people"
        aria-expanded={open.sidebar}
        aria-controls="sidebar"
        data-testid="sidebar-toggle"
        onClick={() => onToggle('sidebar')}
      >
        <Icon name="menu" />
      </button>
      <div class="header-title">
        <h1>
          <Icon name={iconOf(channel)} />
          {channel.name}
        </h1>
        <p>
          {channel.purpose}
          <span class="header-people"> · {people} people</span>
        </p>
      </div>
      <span class={`line line-${line}`} role="status">
        {lines[line]}
      </span>
      <button
        type="button"
        class="switch"
        aria-pressed={open.tour}
        data-testid="tour-toggle"
        onClick={() => onToggle('tour')}
      >
        <Icon name="compass" />
        <span class="switch-label">Tour</span>
        {walked !== '' && <span class="count">{walked}</span>}
      </button>
      <button
        type="button"
        class="switch"
        aria-expanded={open.requests}
        aria-controls="requests"
        data-testid="requests-toggle"
        onClick={() => onToggle('requests')}
      >
        <Icon name="pulse" />
        <span class="switch-label">Requests</span>
        {exchanges > 0 && <span class="count">{exchanges}</span>}
      </button>
    </header>
  );
}
