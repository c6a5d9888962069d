import { toneOf } from './text/tone.ts';

/** Signs drawn in white on a disc of the emoji's tone. */
const discs: Readonly<Record<string, string>> = {
  white_check_mark: 'M6 10.4l2.8 2.8 5.3-5.8',
  heavy_check_mark: 'M6 10.4l2.8 2.8 5.3-5.8',
  x: 'M7.2 7.2l5.6 5.6M12.8 7.2l-5.6 5.6',
  no_entry: 'M6 10h8',
  no_entry_sign: 'M6.2 6.2l7.6 7.6',
  octagonal_sign: 'M10 5.8v5M10 13.8v.1',
  exclamation: 'M10 5.8v5M10 13.8v.1',
  question: 'M7.8 8a2.2 2.2 0 1 1 3.2 2c-.8.4-1 .8-1 1.5M10 14v.1',
  information_source: 'M10 9.3v5M10 6.3v.1',
  hourglass: 'M10 5.8V10l2.8 1.7',
  hourglass_flowing_sand: 'M10 5.8V10l2.8 1.7',
  stopwatch: 'M10 5.8V10l2.8 1.7',
  clock3: 'M10 5.8V10h3.2',
  double_vertical_bar: 'M8 7v6M12 7v6',
  arrow_forward: 'M8.4 6.7v6.6l5-3.3z',
  fast_forward: 'M6 7v6l4-3zM10.5 7v6l4-3z',
  next_track_button: 'M6.5 6.8v6.4l4.7-3.2zM13 7v6',
  black_square_for_stop: 'M7.5 7.5h5v5h-5z',
  arrows_counterclockwise: 'M14 10a4 4 0 1 1-1.3-3M13.2 4.8V7.3h-2.5',
  repeat: 'M14 10a4 4 0 1 1-1.3-3M13.2 4.8V7.3h-2.5',
};

const dots: Readonly<Record<string, string>> = {
  large_blue_circle: 'busy',
  large_green_circle: 'good',
  large_yellow_circle: 'held',
  large_orange_circle: 'held',
  red_circle: 'bad',
  white_circle: 'quiet',
  black_circle: 'quiet',
};

const lines: Readonly<Record<string, string>> = {
  link: 'M8.5 11.5a3 3 0 0 0 4.3 0l2.7-2.7a3 3 0 0 0-4.3-4.3L10 5.7M11.5 8.5a3 3 0 0 0-4.3 0l-2.7 2.7a3 3 0 0 0 4.3 4.3l1.2-1.2',
  rocket:
    'M11.5 13.5l-5-5C8 5 11.5 3 16.5 3.5 17 8.5 15 12 11.5 13.5zM6.5 8.5 3.5 9l2 2M11.5 13.5l-.5 3-2-2M5.5 13c-1.5.5-2 2-2 3.5 1.5 0 3-.5 3.5-2M12.5 8.6a1.1 1.1 0 1 0 0-2.2 1.1 1.1 0 0 0 0 2.2z',
  package: 'M10 2.5l6.5 3.5v8L10 17.5 3.5 14V6zM3.5 6 10 9.5 16.5 6M10 9.5v8M6.7 4.3l6.5 3.5',
  lock: 'M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  key: 'M7 13.5a3.5 3.5 0 1 1 3.4-4.5H17v3h-2v2h-2.5v-2h-2.1A3.5 3.5 0 0 1 7 13.5zM6.5 10v.1',
  mag: 'M9 14A5 5 0 1 0 9 4a5 5 0 0 0 0 10zM12.7 12.7l4 4',
  eyes: 'M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10zM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z',
  bulb: 'M8 15h4M8.5 17.5h3M7.5 12.5a5 5 0 1 1 5 0V15h-5z',
  bell: 'M5 14c1-1.5 1-3 1-5.5a4 4 0 0 1 8 0c0 2.5 0 4 1 5.5zM8.5 16.5h3',
  fire: 'M10 17.5c3.3 0 5.5-2 5.5-5 0-3.5-3-5-3.5-9-2.5 1.5-3.5 4-3 6.5C7.8 9.5 7.3 8.5 7.3 7.5 5.5 9 4.5 10.7 4.5 12.5c0 3 2.2 5 5.5 5z',
  gear: 'M10 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM10 2.5v2.3M10 15.2v2.3M2.5 10h2.3M15.2 10h2.3M4.7 4.7l1.6 1.6M13.7 13.7l1.6 1.6M4.7 15.3l1.6-1.6M13.7 6.3l1.6-1.6',
  wrench: 'M16.5 6.5a4 4 0 0 1-5.3 4.8l-5 5.2-2.7-2.7 5.2-5A4 4 0 0 1 13.5 3.5L11.5 6l.7 1.8 1.8.7z',
  memo: 'M5 2.5h7l3 3v12H5zM7.5 8h5M7.5 11h5M7.5 14h3',
  scroll: 'M5 2.5h7l3 3v12H5zM7.5 8h5M7.5 11h5M7.5 14h3',
  robot_face: 'M4.5 7.5h11v9h-11zM10 7.5V4M10 3.9v.1M7.8 11.5v.1M12.2 11.5v.1M8 14h4',
  tada: 'M3 17 7 7l6 6zM11 3.5v2M14 6.5l1.5-1.5M15 10h2',
  checkered_flag: 'M5 17.5V3M5 4h10l-2 3.5 2 3.5H5',
  triangular_flag_on_post: 'M5 17.5V3M5 4l10 4-10 4',
};

/** An emoji as the page's own drawing, so that it looks the same everywhere; else the system's glyph. */
export function Emoji({ name, glyph }: { readonly name: string; readonly glyph: string }) {
  const label = name.replaceAll('_', ' ');
  const [kind, shape] =
    name in discs
      ? (['disc', discs[name]] as const)
      : name in lines
        ? (['line', lines[name]] as const)
        : (['none', ''] as const);
  const dot = dots[name];
  if (kind === 'none' && dot === undefined && name !== 'warning') {
    return (
      <span class="glyph" role="img" aria-label={label}>
        {glyph}
      </span>
    );
  }
  return (
    <svg
      class={`emoji emoji-${kind} tone-${dot ?? toneOf(name)}`}
      viewBox="0 0 20 20"
      role="img"
      aria-label={label}
    >
      {dot !== undefined && <circle class="emoji-halo" cx="10" cy="10" r="8" />}
      {dot !== undefined && <circle class="emoji-fill" cx="10" cy="10" r="4.5" />}
      {kind === 'disc' && <circle class="emoji-fill" cx="10" cy="10" r="8.5" />}
      {name === 'warning' && (
        <path
          class="emoji-fill"
          d="M8.7 2.8a1.5 1.5 0 0 1 2.6 0l7 12.5A1.5 1.5 0 0 1 17 17.5H3a1.5 1.5 0 0 1-1.3-2.2z"
        />
      )}
      {kind !== 'none' && <path class="emoji-sign" d={shape} />}
      {name === 'warning' && <path class="emoji-sign" d="M10 7.5v4M10 14.3v.1" />}
    </svg>
  );
}
