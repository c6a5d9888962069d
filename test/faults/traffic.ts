import type { Dice } from './dice.ts';
import type { Kind, Planned } from './ledgers.ts';
import { tagOf } from './tag.ts';

/** A command with its moment (milliseconds from the beginning) and the instance that gets it first. */
export interface Sending extends Planned {
  readonly at: number;
  readonly channel: string;
  readonly instance: number;
}

/** How many commands, how fast (per second), to how many instances. */
export interface Load {
  readonly commands: number;
  readonly perSecond: number;
  readonly instances: number;
}

/** Most wait for a pipeline, some link to one; a tenth must not be carried out at all. */
const drawKind = (dice: Dice): Kind => {
  const eye = dice.next();
  if (eye < 0.06) return 'denied';
  if (eye < 0.09) return 'forged';
  if (eye < 0.2) return 'direct';
  return eye < 0.4 ? 'link' : 'wait';
};

const words: Readonly<Record<Kind, string>> = {
  wait: 'say',
  link: 'announce',
  direct: 'look',
  denied: 'say',
  forged: 'say',
};

const ops = 'C0OPSPROD';

/** Somebody outside in the right channel, or anybody in the wrong one. */
const whoAndWhere = (dice: Dice, kind: Kind): { readonly user: string; readonly channel: string } => {
  const user = `U0C${String(dice.between(0, 499)).padStart(4, '0')}`;
  if (kind !== 'denied') return { user, channel: ops };
  return dice.chance(0.5) ? { user: 'UOUTSIDE', channel: ops } : { user, channel: 'C0SHOPDEV' };
};

/** The commands of a campaign: the same dice, the same commands at the same moments. */
export const planTraffic = (dice: Dice, { commands, perSecond, instances }: Load): readonly Sending[] =>
  Array.from({ length: commands }, (_, number) => {
    const kind = drawKind(dice);
    const tag = tagOf(number);
    const at = Math.round(((number + dice.next()) * 1000) / perSecond);
    const instance = number % instances;
    return { tag, kind, text: `${words[kind]} ${tag}`, ...whoAndWhere(dice, kind), at, instance };
  });
