import type { DirectTarget } from '../../core/command.ts';
import type { InputSpec } from '../../core/input.ts';
import { didYouMean, shown } from '../hints.ts';
import { readHttpCall } from './http-call.ts';
import { allowOnly, type Reader } from './reader.ts';

const readSettings = (reader: Reader): Readonly<Record<string, string>> => {
  const settings: [string, string][] = [];
  for (const key of reader.keys) {
    if (key === 'use') continue;
    const value = reader.text(key);
    if (value !== undefined) settings.push([key, value]);
  }
  return Object.fromEntries(settings);
};

const readUse = (reader: Reader, uses: readonly string[]): DirectTarget | undefined => {
  const use = reader.text('use');
  if (use === undefined) return undefined;
  if (!uses.includes(use))
    return reader.wrong(
      'use',
      `${shown(use)} is no built-in effect (there are ${uses.join(', ')})${didYouMean(use, uses)}`,
    );
  return { use, settings: readSettings(reader) };
};

/** What a direct command does: a built-in effect from `uses`, or one HTTP call. */
export const readDirect = (
  command: Reader,
  inputs: readonly InputSpec[],
  uses: readonly string[],
  plainHttp: readonly string[],
): DirectTarget | undefined => {
  const reader = command.table('direct');
  if (reader === undefined) return undefined;
  if (reader.has('use') === reader.has('http'))
    return reader.wrongAt(reader.line, 'direct needs exactly one of use and http');
  if (reader.has('use')) return readUse(reader, uses);
  allowOnly(reader, ['http', 'reply']);
  const http = reader.table('http');
  const reply = reader.text('reply');
  return http === undefined ? undefined : { http: readHttpCall(http, inputs, plainHttp), reply };
};
