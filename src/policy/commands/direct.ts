import type { DirectTarget } from '../../core/command.ts';
import type { InputSpec } from '../../core/input.ts';
import { readHttpCall } from './http-call.ts';
import { allowOnly, type Reader } from './reader.ts';
import { readUse, type UseDeclaration } from './use.ts';

/** What a direct command does: a built-in effect from `uses`, or one HTTP call. */
export const readDirect = (
  command: Reader,
  inputs: readonly InputSpec[],
  uses: readonly UseDeclaration[],
  plainHttp: readonly string[],
): DirectTarget | undefined => {
  const reader = command.table('direct');
  if (reader === undefined) return undefined;
  if (reader.has('use') === reader.has('http'))
    return reader.wrongAt(reader.line, 'direct needs exactly one of use and http');
  if (reader.has('use')) return readUse(command, reader, inputs, uses);
  allowOnly(reader, ['http', 'reply']);
  const http = reader.table('http');
  const reply = reader.text('reply');
  return http === undefined ? undefined : { http: readHttpCall(http, inputs, plainHttp), reply };
};
