/** How a message feels at a glance; drawn as the colour of its edge, never the only sign of it. */
export type Tone = 'good' | 'bad' | 'busy' | 'held' | 'quiet';

const tones: ReadonlyMap<string, Tone> = new Map<string, Tone>([
  ...['white_check_mark', 'heavy_check_mark', 'large_green_circle', 'tada', 'checkered_flag', 'thumbsup'].map(
    (name) => [name, 'good'] as const,
  ),
  ...['x', 'red_circle', 'octagonal_sign', 'fire', 'exclamation', 'no_entry', 'no_entry_sign'].map(
    (name) => [name, 'bad'] as const,
  ),
  ...[
    'large_blue_circle',
    'hourglass',
    'hourglass_flowing_sand',
    'arrows_counterclockwise',
    'rocket',
    'link',
  ].map((name) => [name, 'busy'] as const),
  ...['warning', 'large_yellow_circle', 'large_orange_circle', 'double_vertical_bar', 'lock', 'question'].map(
    (name) => [name, 'held'] as const,
  ),
]);

/** The tone that an emoji's shortcode carries; `quiet` when none. */
export function toneOf(name: string | undefined): Tone {
  return tones.get(name ?? '') ?? 'quiet';
}
