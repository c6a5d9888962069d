import { GatewayError } from '../core/errors.ts';

/** The same promise, or a rejection when it takes longer. What was asked goes on in the background and is not waited for. */
export const within = async <T>(ms: number, asked: Promise<T>, doing: string): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const tooLong = new GatewayError('gitlab.unreachable', `${doing}: no answer within ${ms / 1000} s`);
    timer = setTimeout(() => reject(tooLong), ms);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
};
