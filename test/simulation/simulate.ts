import { codeOf, type ErrorCode } from '../../src/core/errors.ts';
import type { Invocation } from '../../src/core/invocation.ts';
import type { Reply } from '../../src/core/reply.ts';
import { titleOf } from './chat.ts';
import { type Ledger, violations } from './check.ts';
import { runIdOf, type Up } from './instance.ts';
import type { Delivery, Plan } from './plan.ts';
import { type Rules, usualRules } from './rules.ts';
import { virtualTimers } from './timers.ts';
import { createWorld, type World } from './world.ts';

/** What the one who typed heard of one delivery; nothing when the instance ended before. */
export interface Answer {
  readonly delivery: string;
  said: 'accepted' | 'refused' | 'replayed' | 'nothing' | ErrorCode;
}

/** Everything comes to an end within this. Virtual milliseconds. */
const longestMs = 3 * 60 * 60_000;

const lookEveryMs = 2000;

const channel = { id: 'slack:T1/C1', name: 'ops' };
const speaker = { account: 'slack:T1/UANA', name: 'ana' };

const meaning = (reply: Reply | null): 'accepted' | 'refused' =>
  reply !== null && titleOf(reply).startsWith('Accepted: ') ? 'accepted' : 'refused';

const textOf = ({ patient, service, meant }: Delivery): string =>
  `${patient ? 'patient' : 'hurry'} ${service}${meant ? ' --again' : ''}`;

/** Types what is planned, and hears what is answered. */
const createTyping = (
  world: World,
  answers: Answer[],
  replaysRefused: boolean,
  trace: (words: string) => void,
) => {
  const { scheduler, ups } = world;
  let underWay = 0;

  const hear = (answer: Answer, said: Answer['said']): void => {
    trace(`${answer.delivery} is answered ${said}`);
    answer.said = said;
  };

  const post = (to: number, act: (up: Up) => void): void => {
    const up = ups.get(to);
    if (up !== undefined) scheduler.after(0, up.life, () => act(up));
  };

  /** As `src/http` does it: a request that came before is not looked at again. */
  const ask = async (up: Up, typed: Delivery, invocation: Invocation): Promise<Answer['said']> => {
    if (replaysRefused && !(await up.firstTime(invocation.delivery))) return 'replayed';
    return meaning(await up.gateway.receive({ ...invocation, text: textOf(typed) }));
  };

  const receive = (delivery: string, typed: Delivery, sentAt: number, to: number): void =>
    post(to, (up) => {
      const replyTo = { app: 'slack', to: delivery };
      const answer: Answer = { delivery, said: 'nothing' };
      answers.push(answer);
      ask(up, typed, { delivery, speaker, channel, text: '', replyTo, receivedAt: up.now(), sentAt }).then(
        (said) => hear(answer, said),
        (error) => hear(answer, codeOf(error)),
      );
    });

  const cancel = (delivery: string, to: number): void =>
    post(to, ({ gateway, now }) => {
      const press = {
        delivery: `${delivery} x`,
        speaker,
        channel,
        action: 'cancel',
        runId: runIdOf(delivery),
      };
      const pressed = { ...press, replyTo: { app: 'slack', to: delivery }, receivedAt: now() };
      gateway.press(pressed).catch(() => undefined);
    });

  const after = (ms: number, act: () => void): void => {
    underWay += 1;
    scheduler.after(ms, undefined, () => {
      underWay -= 1;
      act();
    });
  };

  const type = (typed: Delivery, index: number, instances: number): void => {
    const delivery = `d${index}`;
    after(typed.at, () => {
      // Chat apps sign to the second.
      const sentAt = Math.floor(scheduler.now() / 1000) * 1000;
      receive(delivery, typed, sentAt, typed.to % instances);
      for (const { afterMs, to } of typed.again)
        after(afterMs, () => receive(delivery, typed, sentAt, to % instances));
      if (typed.cancelAfterMs !== null)
        after(typed.cancelAfterMs, () => cancel(delivery, typed.to % instances));
    });
  };

  return { type, isOver: () => underWay === 0 };
};

/** What a plan came to, all of it in one place to be looked at. */
export const simulate = async (
  plan: Plan,
  rules: Rules = usualRules,
  trace: (words: string) => void = () => undefined,
) => {
  const began = Date.now();
  const answers: Answer[] = [];
  const traced = (words: string): void => trace(`${world.scheduler.now() - start} ${words}`);
  const world = createWorld(plan, rules, (words) => traced(words));
  const { scheduler } = world;
  const start = scheduler.now();
  const typing = createTyping(world, answers, plan.replaysRefused, traced);
  let over: 'quiet' | 'too long' | undefined;
  const look = (): void => {
    if (typing.isOver() && world.isQuiet()) over = 'quiet';
    else if (scheduler.now() - start > longestMs) over = 'too long';
    else scheduler.after(lookEveryMs, undefined, look);
  };
  plan.skews.forEach((_, at) => {
    world.start(at);
  });
  // Commands come once everybody is up.
  scheduler.after(2000, undefined, () =>
    plan.deliveries.forEach((typed, index) => {
      typing.type(typed, index, plan.skews.length);
    }),
  );
  scheduler.after(5000, undefined, look);
  const realTimers = virtualTimers(scheduler);
  try {
    await scheduler.run(() => over !== undefined);
  } finally {
    realTimers();
  }
  const ledger: Ledger = { world, answers, isQuiet: over === 'quiet' };
  return {
    violations: violations(ledger),
    pipelines: world.gitlab.pipelines(),
    answers,
    virtualMs: scheduler.now() - start,
    realMs: Date.now() - began,
  };
};
