import type { PipelineTarget } from '../core/command.ts';
import type { InputValue } from '../core/input.ts';
import type { PipelineOrder } from '../core/pipelines.ts';
import type { Run } from '../core/run.ts';

/** What a target project's `spec: inputs` says at a ref: https://docs.gitlab.com/ci/inputs/ */
export type Declared =
  | { readonly kind: 'declared'; readonly inputs: ReadonlyMap<string, { readonly type: string }> }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly because: string };

/** The order for GitLab, or why the target cannot take it. */
export type Ordered =
  | { readonly ok: true; readonly order: PipelineOrder }
  | { readonly ok: false; readonly because: string };

const localId = (qualified: string): string => qualified.slice(qualified.indexOf('/') + 1);

/** What follows the command's name: the value of GitLab's own `CHAT_INPUT`. */
const argumentsOf = (run: Run): string => run.line.slice(run.command.length).trim();

/** The run's own values by the names GitLab's ChatOps and this gateway give them. */
const identity = (run: Run, ticket: string): Readonly<Record<string, string>> => ({
  CHATOPS_RUN_ID: run.id,
  CHATOPS_TICKET: ticket,
  CHAT_INPUT: argumentsOf(run),
  CHAT_CHANNEL: localId(run.channel.id),
  CHAT_USER_ID: localId(run.caller.account),
});

const variableName = (target: PipelineTarget, input: string): string => {
  const mapped = Object.entries(target.variables).find(([, name]) => name === input)?.[0];
  return mapped ?? `INPUT_${input.toUpperCase().replaceAll('-', '_')}`;
};

const asVariables = (run: Run, target: PipelineTarget, ticket: string): PipelineOrder['variables'] => [
  ...Object.entries(identity(run, ticket)).map(([key, value]) => ({ key, value })),
  ...Object.entries(run.input).map(([name, value]) => ({
    key: variableName(target, name),
    value: String(value),
  })),
];

/** A target that declares a string takes the value's one written form. */
const asDeclared = (value: InputValue, type: string | undefined): InputValue =>
  type === 'string' ? String(value) : value;

const required: readonly string[] = ['CHATOPS_RUN_ID', 'CHATOPS_TICKET'];

const asInputs = (run: Run, declared: Declared, ticket: string): PipelineOrder['inputs'] => {
  const own = Object.entries(identity(run, ticket)).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const known = declared.kind === 'declared' ? declared.inputs : undefined;
  const wanted = own.filter(([name]) =>
    known === undefined
      ? declared.kind === 'unreadable' && required.includes(name.toUpperCase())
      : known.has(name),
  );
  const given = Object.entries(run.input).map(
    ([name, value]) => [name, asDeclared(value, known?.get(name)?.type)] as const,
  );
  return Object.fromEntries([...given, ...wanted]);
};

/** Inputs that would be decided on here but never reach the job. */
const undeclared = (run: Run, declared: Declared): readonly string[] => {
  if (declared.kind === 'unreadable') return [];
  const known = declared.kind === 'declared' ? declared.inputs : new Map<string, unknown>();
  return Object.keys(run.input).filter((name) => !known.has(name));
};

/**
 * Puts together the one order for a run's pipeline. Values travel only as declared inputs or variables with fixed names.
 * `declared` is asked for with `pass: inputs` only; GitLab refuses inputs that the target does not declare.
 */
export const orderFor = (run: Run, target: PipelineTarget, declared: Declared, ticket: string): Ordered => {
  const base = { runId: run.id, project: target.project, ref: target.ref };
  if (target.pass === 'variables') {
    return { ok: true, order: { ...base, inputs: {}, variables: asVariables(run, target, ticket) } };
  }
  const missing = undeclared(run, declared);
  if (missing.length > 0) {
    const names = missing.join(', ');
    const because = `the CI file of ${target.project} at ${target.ref} does not declare ${names} under spec: inputs; nothing was started`;
    return { ok: false, because };
  }
  return { ok: true, order: { ...base, inputs: asInputs(run, declared, ticket), variables: [] } };
};
