import type { Ledgers } from './ledgers.ts';
import { tellStories } from './story.ts';
import { longestWay } from './times.ts';

/** Pipelines that came to be later after their last intent than the gateway may take for granted: then its rules promise nothing. */
export const strayedPipelines = (ledgers: Ledgers): readonly string[] => {
  const { runs } = tellStories(ledgers);
  return ledgers.pipelines.flatMap(({ id, run, createdAt }) => {
    const intents = runs.get(run ?? '')?.audit.filter(({ kind }) => kind === 'intent') ?? [];
    const before = intents.map(({ at }) => createdAt - at).filter((ms) => ms >= 0);
    const nearest = Math.min(...before);
    if (before.length === 0 || nearest <= longestWay) return [];
    return [
      `pipeline ${id} was made ${nearest} ms after the last intent before it; ${longestWay} ms were assumed`,
    ];
  });
};
