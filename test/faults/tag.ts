/** The word that ties a command to everything that came of it: its sender, its decision, its run, its pipeline. */
export const tagOf = (number: number): string => `k${String(number).padStart(5, '0')}`;

/** Every tag that a text holds, each once. */
export const tagsIn = (text: string): readonly string[] => [...new Set(text.match(/\bk\d{5}\b/g) ?? [])];

/** Every run id that a text holds, each once. */
export const runsIn = (text: string): readonly string[] => [
  ...new Set(text.match(/\br[0-9a-hjkmnp-tv-z]{20}\b/g) ?? []),
];
