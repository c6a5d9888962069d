/** Shortcode -> the character it stands for; the shortcodes that commands and pipelines commonly use. */
export const emoji: ReadonlyMap<string, string> = new Map([
  ['white_check_mark', '✅'],
  ['heavy_check_mark', '✔'],
  ['x', '❌'],
  ['warning', '⚠'],
  ['no_entry', '⛔'],
  ['no_entry_sign', '🚫'],
  ['octagonal_sign', '🛑'],
  ['large_blue_circle', '🔵'],
  ['large_green_circle', '🟢'],
  ['large_yellow_circle', '🟡'],
  ['large_orange_circle', '🟠'],
  ['red_circle', '🔴'],
  ['white_circle', '⚪'],
  ['black_circle', '⚫'],
  ['hourglass', '⌛'],
  ['hourglass_flowing_sand', '⏳'],
  ['stopwatch', '⏱'],
  ['clock3', '🕒'],
  ['double_vertical_bar', '⏸'],
  ['arrow_forward', '▶'],
  ['black_square_for_stop', '⏹'],
  ['fast_forward', '⏩'],
  ['next_track_button', '⏭'],
  ['repeat', '🔁'],
  ['arrows_counterclockwise', '🔄'],
  ['link', '🔗'],
  ['rocket', '🚀'],
  ['package', '📦'],
  ['lock', '🔒'],
  ['key', '🔑'],
  ['mag', '🔍'],
  ['eyes', '👀'],
  ['bulb', '💡'],
  ['bell', '🔔'],
  ['fire', '🔥'],
  ['gear', '⚙'],
  ['wrench', '🔧'],
  ['memo', '📝'],
  ['scroll', '📜'],
  ['question', '❓'],
  ['exclamation', '❗'],
  ['information_source', 'ℹ'],
  ['robot_face', '🤖'],
  ['wave', '👋'],
  ['tada', '🎉'],
  ['thumbsup', '👍'],
  ['+1', '👍'],
  ['thumbsdown', '👎'],
  ['checkered_flag', '🏁'],
  ['triangular_flag_on_post', '🚩'],
  ['star', '⭐'],
  ['skull', '💀'],
]);

const names: ReadonlyMap<string, string> = new Map(
  [...emoji].reverse().map(([name, glyph]) => [glyph, name] as const),
);

/** Matches one known emoji character, with the invisible "draw as picture" sign that may follow it. */
export const glyphPattern = new RegExp(`(${[...names.keys()].join('|')})\uFE0F?`, 'uy');

/** The shortcode of an emoji character, or undefined when it is none of ours. */
export function nameOfGlyph(glyph: string): string | undefined {
  return names.get(glyph);
}
