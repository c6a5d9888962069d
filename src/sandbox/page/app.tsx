import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { State } from '../slack/types.ts';
import { writtenName } from './channel.ts';
import { Composer } from './composer.tsx';
import { Header } from './header.tsx';
import { KnownHere, safeLocale } from './known.ts';
import { follow, typeLine } from './live.ts';
import { Messages } from './messages.tsx';
import { firstPlace, type Place, readPlace, writePlace } from './place.ts';
import { Requests } from './requests.tsx';
import { Sidebar } from './sidebar.tsx';
import { tour } from './tour.ts';
import { TourCard } from './tour-card.tsx';
import { emptyView, next, type View } from './view.ts';

const wide = '(min-width: 1100px)';

function usePlace() {
  const [place, setPlace] = useState(() => readPlace(location.hash, firstPlace));
  useEffect(() => {
    const onHash = () => setPlace((before) => readPlace(location.hash, before));
    addEventListener('hashchange', onHash);
    return () => removeEventListener('hashchange', onHash);
  }, []);
  useLayoutEffect(() => {
    if (location.hash !== writePlace(place)) history.replaceState(null, '', writePlace(place));
  }, [place]);
  return [place, setPlace] as const;
}

function useView(place: Place): View {
  const [view, change] = useReducer(next, emptyView);
  const openChannel = useRef(place.channel);
  openChannel.current = place.channel;
  useEffect(
    () =>
      follow(place.as, {
        line: (line) => change({ kind: 'line', line }),
        loaded: (state) => change({ kind: 'loaded', as: place.as, state }),
        came: (event) => change({ kind: 'came', event, openChannel: openChannel.current }),
      }),
    [place.as, view.strangers],
  );
  useEffect(() => change({ kind: 'opened', channel: place.channel }), [place.channel]);
  return view;
}

function usePanes() {
  const [open, setOpen] = useState({ sidebar: false, requests: matchMedia(wide).matches, tour: false });
  useEffect(() => {
    // The pane lies over the messages in a narrow window: open only when asked for.
    const width = matchMedia(wide);
    const onWidth = () => setOpen((panes) => ({ ...panes, requests: width.matches }));
    width.addEventListener('change', onWidth);
    return () => width.removeEventListener('change', onWidth);
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      setOpen((panes) => ({
        ...panes,
        sidebar: false,
        requests: panes.requests && matchMedia(wide).matches,
      }));
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return [open, setOpen] as const;
}

interface RoomProps {
  readonly view: View;
  readonly state: State;
  readonly place: Place;
  readonly onGo: (place: Place) => void;
}

function Room({ view, state, place, onGo }: RoomProps) {
  const [panes, setPanes] = usePanes();
  const [draft, setDraft] = useState({ text: '', filled: 0 });
  const channel = state.channels.find((each) => each.id === place.channel) ?? state.channels[0];
  const person = state.people.find((each) => each.id === place.as);
  if (channel === undefined) return <Notice text="The sandbox has no channels." />;

  const isReady = view.as === place.as;
  const open = channel.id;
  useEffect(() => {
    // Where this person may not be, the address must not say that they are.
    if (isReady && place.channel !== open) onGo({ ...place, channel: open });
  }, [isReady, place, open]);
  const isEmpty = !state.messages.some((each) => each.channel === channel.id && !each.deleted);
  const showsTour = isReady && (panes.tour || isEmpty);
  const go = (to: Place) => {
    onGo(to);
    setPanes((before) => ({ ...before, sidebar: false }));
  };
  const onTry = (to: Place, text: string) => {
    go(to);
    setDraft(({ filled }) => ({ text, filled: filled + 1 }));
  };
  return (
    <div class={`page${panes.sidebar ? ' shows-sidebar' : ''}${panes.requests ? ' shows-requests' : ''}`}>
      <Sidebar state={state} place={{ ...place, channel: channel.id }} unread={view.unread} onGo={go} />
      <main class="room">
        <Header
          channel={channel}
          line={view.line}
          people={channel.members.filter((id) => id !== state.app.userId).length}
          exchanges={state.exchanges.length}
          walked={view.done.size > 0 ? `${view.done.size}/${tour.length}` : ''}
          open={{ ...panes, tour: showsTour }}
          onToggle={(pane) => setPanes((before) => ({ ...before, [pane]: !before[pane] }))}
        />
        <Messages
          view={view}
          state={isReady ? state : { ...state, messages: [] }}
          as={place.as}
          channel={channel.id}
        >
          {showsTour && (
            <TourCard state={{ ...state, channels: view.channels }} done={view.done} onTry={onTry} />
          )}
        </Messages>
        <Composer
          text={draft.text}
          onText={(text) => setDraft((before) => ({ ...before, text }))}
          onSend={(text) => typeLine({ as: place.as, channel: channel.id, text })}
          suggestions={state.suggestions}
          person={person?.name ?? place.as}
          channel={writtenName(channel)}
          filled={draft.filled}
        />
      </main>
      {panes.requests && (
        <Requests
          exchanges={state.exchanges}
          onClose={() => setPanes((before) => ({ ...before, requests: false }))}
        />
      )}
      <button
        type="button"
        class="scrim"
        tabIndex={-1}
        aria-label="Close"
        onClick={() => setPanes((before) => ({ ...before, sidebar: false, requests: false }))}
      />
      <div class="sr-only" aria-live="polite" data-testid="spoken">
        {view.spoken}
      </div>
    </div>
  );
}

function Notice({ text }: { readonly text: string }) {
  return (
    <div class="notice" role="status">
      <p>{text}</p>
    </div>
  );
}

/** The whole page. `now` gives the time in Unix milliseconds. */
export function App({ now }: { readonly now: () => number }) {
  const [place, go] = usePlace();
  const view = useView(place);
  const { state } = view;
  const locale = safeLocale(state?.people.find((each) => each.id === place.as)?.locale);
  const known = useMemo(() => ({ state, clock: { now: now(), locale } }), [state, locale]);
  if (state === undefined) {
    return (
      <Notice
        text={view.line === 'lost' ? 'The sandbox does not answer. Trying again.' : 'Opening the sandbox'}
      />
    );
  }
  return (
    <KnownHere.Provider value={known}>
      <Room view={view} state={state} place={place} onGo={go} />
    </KnownHere.Provider>
  );
}
