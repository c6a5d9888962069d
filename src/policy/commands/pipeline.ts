import type { PipelineTarget } from '../../core/command.ts';
import type { InputSpec } from '../../core/input.ts';
import { didYouMean, shown } from '../hints.ts';
import { allowOnly, type Reader } from './reader.ts';
import { variableProblem } from './steering.ts';

const projectShape = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_.][A-Za-z0-9_.-]*)+$/;
const refShape = /^(?!.*\.\.)(?!.*\/\/)(?!.*\/$)[A-Za-z0-9_][A-Za-z0-9_./-]{0,254}$/;

/** GitLab takes at most 20 inputs per pipeline (https://docs.gitlab.com/ci/inputs/); two of them are the gateway's. */
const mostInputs = 18;

const readLiteral = (reader: Reader, key: 'project' | 'ref', shape: RegExp, example: string): string => {
  reader.require(key);
  const text = reader.text(key) ?? '';
  if (text !== '' && !shape.test(text))
    reader.wrong(key, `${shown(text)} must be written out, such as ${example}; nothing is filled in here`);
  return text;
};

const readPass = (reader: Reader): PipelineTarget['pass'] => {
  const text = reader.text('pass') ?? 'inputs';
  if (text === 'inputs' || text === 'variables') return text;
  reader.wrong(
    'pass',
    `${shown(text)} must be inputs or variables${didYouMean(text, ['inputs', 'variables'])}`,
  );
  return 'inputs';
};

/** The variable that carries an input which the command does not name another for. */
const ownVariable = (input: string): string => `INPUT_${input.toUpperCase().replaceAll('-', '_')}`;

const checkCollisions = (
  reader: Reader,
  variables: Readonly<Record<string, string>>,
  names: readonly string[],
): void => {
  const mapped = Object.values(variables);
  for (const input of mapped)
    if (mapped.indexOf(input) !== mapped.lastIndexOf(input))
      reader.wrong('variables', `${input} is mapped twice`);
  const all = [...Object.keys(variables), ...names.filter((name) => !mapped.includes(name)).map(ownVariable)];
  const twice = all.find((variable, at) => all.indexOf(variable) !== at);
  if (twice !== undefined) reader.wrong('variables', `two inputs would travel as ${twice}`);
};

const readVariables = (reader: Reader, names: readonly string[]): Readonly<Record<string, string>> => {
  const table = reader.table('variables');
  const variables: [string, string][] = [];
  for (const variable of table?.keys ?? []) {
    const problem = variableProblem(variable);
    if (problem !== undefined) table?.wrong(variable, problem);
    const input = table?.text(variable);
    if (input === undefined) continue;
    if (!names.includes(input))
      table?.wrong(variable, `there is no input ${shown(input)}${didYouMean(input, names)}`);
    variables.push([variable, input]);
  }
  return Object.fromEntries(variables);
};

/** GitLab expands `$` in variables, so such a value would arrive changed. */
const checkDollars = (reader: Reader, inputs: readonly InputSpec[]): void => {
  for (const input of inputs) {
    if (input.type !== 'string') continue;
    const value = [...(input.options ?? []), input.default ?? ''].find((text) => text.includes('$'));
    if (value !== undefined)
      reader.wrong(
        'pass',
        `${input.name} may be ${shown(value)}, but GitLab expands $ in variables; pass inputs instead`,
      );
  }
};

const checkPassing = (reader: Reader, pass: PipelineTarget['pass'], inputs: readonly InputSpec[]): void => {
  if (pass === 'variables') {
    checkDollars(reader, inputs);
    return;
  }
  if (reader.has('variables'))
    reader.wrong('variables', 'only with pass: variables; inputs travel under their own names');
  if (inputs.length > mostInputs)
    reader.wrong(
      'pass',
      `${inputs.length} inputs, but GitLab takes at most ${mostInputs} beside the gateway's two`,
    );
};

/** Where the command's pipeline runs. */
export const readPipeline = (command: Reader, inputs: readonly InputSpec[]): PipelineTarget | undefined => {
  const reader = command.table('pipeline');
  if (reader === undefined) return undefined;
  allowOnly(reader, ['project', 'ref', 'pass', 'variables']);
  const project = readLiteral(reader, 'project', projectShape, 'ops/ansible');
  const ref = readLiteral(reader, 'ref', refShape, 'main');
  const pass = readPass(reader);
  checkPassing(reader, pass, inputs);
  if (pass === 'inputs') return { project, ref, pass, variables: {} };
  const names = inputs.map(({ name }) => name);
  const variables = readVariables(reader, names);
  checkCollisions(reader, variables, names);
  return { project, ref, pass, variables };
};
