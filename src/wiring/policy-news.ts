import { noteReply } from '../core/replies/refusals.ts';
import { code, line } from '../core/replies/spans.ts';
import type { Reply } from '../core/reply.ts';
import type { Failing, Reloaded } from '../policy/keeper.ts';
import { mistakesAsText } from '../policy/mistakes.ts';

/** What telling operators takes. */
export interface PolicyNews {
  /** Absent: nobody is told in chat. */
  readonly channel: string | undefined;
  /** Shows something in a channel; answers whether it was shown. */
  readonly post: ((channel: string, reply: Reply) => Promise<boolean>) | undefined;
  /** What keeps newer files from being used, as it stands now. */
  readonly failing: () => Failing | undefined;
  readonly log: { readonly warn: (fields: object, message: string) => void };
}

type Failed = Extract<Reloaded, { outcome: 'failing' }>;

const mostShown = 5;

const whyLines = ({ mistakes }: Failed) => {
  const more = mistakes.length - mostShown;
  return [
    ...mistakes
      .slice(0, mostShown)
      .map(({ file, line: at, text }) => line(code(`${file}:${at}`), ` ${text}`)),
    ...(more > 0 ? [line(`and ${more} more`)] : []),
  ];
};

const failedReply = (failed: Failed): Reply => {
  const { stage, mistakes, away } = failed;
  const stays = ' The last good version stays in force.';
  if (away === true)
    return noteReply(
      line('The policy cannot be renewed: GitLab cannot be asked for it.', stays),
      ...mistakes.slice(0, 1).map(({ text }) => line(text)),
    );
  return noteReply(
    line('A newer policy is not used: it failed at ', code(stage), '.', stays),
    ...whyLines(failed),
  );
};

const mendedReply = (revision: string): Reply =>
  noteReply(line('The policy is in force again as it should be: revision ', code(revision), '.'));

const keyOf = ({ stage, mistakes, away }: Failed): string =>
  away === true ? 'away' : `${stage}\n${mistakesAsText(mistakes)}`;

/** Tells operators in their channel of each failure once, and once when all is good again. */
export const createPolicyNews = ({ channel, post, failing, log }: PolicyNews) => {
  const told = new Set<string>();
  const replyTo = (reloaded: Reloaded): Reply | undefined => {
    if (reloaded.outcome === 'failing') {
      const key = keyOf(reloaded);
      if (told.has(key)) return undefined;
      told.add(key);
      return failedReply(reloaded);
    }
    // New memberships also put a policy in force, while the newer files go on failing.
    if (told.size === 0 || failing() !== undefined) return undefined;
    told.clear();
    return mendedReply(reloaded.revision);
  };
  return (reloaded: Reloaded): void => {
    const reply = replyTo(reloaded);
    if (reply === undefined || channel === undefined || post === undefined) return;
    void post(channel, reply)
      .catch(() => false)
      .then((shown) => {
        if (!shown) log.warn({ channel }, 'the operators could not be told in their channel');
      });
  };
};
