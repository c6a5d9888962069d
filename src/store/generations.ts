import type { Generation } from '../core/generation.ts';

/** Knows which life the store lives, as long as the connection that told it holds. */
export interface Generations {
  /** Asks when it is not known; rejects when the store cannot be asked. */
  current(): Promise<Generation>;
  /** What was known is no longer true. */
  forget(): void;
}

/** Remembers the answer of `ask`, and tells `began` of every life it has not seen before. */
export const createGenerations = (
  ask: () => Promise<Generation>,
  began: (generation: Generation) => void,
): Generations => {
  let asking: Promise<Generation> | undefined;
  let last: Generation | undefined;

  const learn = async (): Promise<Generation> => {
    const told = await ask();
    const isKnown = told.id === last?.id;
    // Whoever knew a life before knows that this one is not the first, even if the store has forgotten it.
    const generation =
      isKnown && last !== undefined ? last : { ...told, first: told.first && last === undefined };
    if (!isKnown) began(generation);
    last = generation;
    return generation;
  };

  const current = (): Promise<Generation> => {
    if (asking !== undefined) return asking;
    const learning = learn();
    asking = learning;
    learning.catch(() => {
      if (asking === learning) asking = undefined;
    });
    return learning;
  };

  return {
    current,
    forget: () => {
      asking = undefined;
    },
  };
};

const text = (value: unknown): string => (typeof value === 'string' ? value : String(value));

/** The answer of the script that tells or begins a life. */
export const generationFrom = (answer: unknown): Generation => {
  const [id, began, first] = Array.isArray(answer) ? answer.map(text) : [];
  if (id === undefined || began === undefined) throw new Error('Redis did not tell which life it lives');
  return { id, beganAt: Number(began), first: first === '1' };
};
