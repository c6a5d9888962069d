const strokes = {
  hash: 'M8 3 6.5 17M13.5 3 12 17M4 7.5h13M3 12.5h13',
  lock: 'M5.5 9h9v7.5h-9zM7.5 9V6.5a2.5 2.5 0 0 1 5 0V9',
  eye: 'M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10zM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z',
  dots: 'M5 10v.1M10 10v.1M15 10v.1',
  bubble: 'M4 4h12v9H9.5L6 16v-3H4z',
  menu: 'M3 5.5h14M3 10h14M3 14.5h14',
  close: 'M5 5l10 10M15 5 5 15',
  send: 'M3.5 10h12M10.5 4.5 16 10l-5.5 5.5',
  chevron: 'M7.5 5l5 5-5 5',
  out: 'M8 4.5H4.5v11h11V12M11.5 4H16v4.5M16 4l-6.5 6.5',
  pulse: 'M2.5 10.5h3.2L8 4.5l4 11 2.3-5h3.2',
  compass: 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM13 7l-1.8 4.2L7 13l1.8-4.2z',
  sun: 'M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6 16 16M4 16l1.4-1.4M14.6 5.4 16 4',
  moon: 'M16.5 11.8A7 7 0 1 1 8.2 3.5a5.5 5.5 0 0 0 8.3 8.3z',
  half: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 3v14M10 6h4.5M10 10h7M10 14h4.5',
  down: 'M10 4v12M5 11l5 5 5-5',
  into: 'M3 10h10M9 6l4 4-4 4M16.5 4v12',
  from: 'M17 10H7M11 6l-4 4 4 4M3.5 4v12',
  thread: 'M4 4v5.5A3.5 3.5 0 0 0 7.5 13H16M12.5 9.5 16 13l-3.5 3.5',
  check: 'M4.5 10.5l3.5 3.5L15.5 6',
} as const;

/** A drawing of the page's own furniture; it says nothing to a screen reader, its button does. */
export function Icon({ name }: { readonly name: keyof typeof strokes }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={strokes[name]} />
    </svg>
  );
}

/** The sandbox's mark: a speech bubble with a prompt in it. */
export function Mark() {
  return (
    <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
      <path
        class="brand-bubble"
        d="M9 2h14a7 7 0 0 1 7 7v9a7 7 0 0 1-7 7h-8.5l-6.3 4.7A1.3 1.3 0 0 1 6 28.8V24.3a7 7 0 0 1-4-6.3V9a7 7 0 0 1 7-7z"
      />
      <path class="brand-prompt" d="M9.5 9.5l4.5 4-4.5 4M17 18h6" />
    </svg>
  );
}
