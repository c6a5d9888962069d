import type { Command } from '../../src/core/command.ts';

const usual: Command = {
  name: 'say',
  summary: { en: 'Say something' },
  mode: 'wait',
  inputs: [],
  pipeline: { project: 'ops/say', ref: 'main', pass: 'inputs', variables: {} },
  examples: [],
  danger: 'none',
  limits: { perCaller: undefined, startWithinMs: 120_000, waitAtMostMs: 3_600_000 },
  audience: 'channel',
  place: { file: 'commands/say.yml', line: 1 },
};

/** A command for tests, with what matters to the test given. */
export const command = (given: Partial<Command>): Command => ({ ...usual, ...given });
