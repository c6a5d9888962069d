import { GatewayError } from '../core/errors.ts';
import { isAbsent } from './answers.ts';
import type { GitLab } from './client.ts';
import { fieldsOf } from './shapes.ts';

/** An input that a CI file declares. Types are GitLab's: https://docs.gitlab.com/ci/inputs/ */
export interface DeclaredInput {
  readonly name: string;
  readonly type: string;
  /** It has no default. */
  readonly required: boolean;
  readonly options?: readonly (string | number | boolean)[];
}

/** What a CI file says about its inputs. `none`: it was read and declares nothing. */
export type Declaration =
  | { readonly kind: 'declared'; readonly inputs: readonly DeclaredInput[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly because: string };

/** Reads all documents of a YAML text; throws when it is not YAML. */
export type ParseYaml = (text: string) => readonly unknown[];

/** For how long an answer holds, in milliseconds, and how many are kept. */
const keptForMs = 30_000;
const mostKept = 200;

/** Reads the `spec: inputs` of a project's CI file at a ref. Answers are kept for half a minute; a GitLab that cannot be asked is `unreadable` and not kept. */
export const createDeclaredInputs = (
  gitlab: Pick<GitLab, 'Projects' | 'RepositoryFiles'>,
  parseYaml: ParseYaml,
  now: () => number,
) => {
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<Declaration> }>();
  return ({ project, ref }: { readonly project: string; readonly ref: string }): Promise<Declaration> => {
    const key = `${project}@${ref}`;
    const known = kept.get(key);
    if (known && now() - known.at < keptForMs) return known.answer;
    kept.delete(key);
    const oldest = kept.keys().next().value;
    if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
    const answer = declarationAt(gitlab, parseYaml, project, ref).catch((thrown: unknown): Declaration => {
      kept.delete(key);
      const because = thrown instanceof GatewayError ? thrown.message : 'the answer could not be read';
      return { kind: 'unreadable', because };
    });
    kept.set(key, { at: now(), answer });
    return answer;
  };
};

const declarationAt = async (
  gitlab: Pick<GitLab, 'Projects' | 'RepositoryFiles'>,
  parseYaml: ParseYaml,
  project: string,
  ref: string,
): Promise<Declaration> => {
  const path = await ciFileOf(gitlab, project);
  if (/[@:]/.test(path)) return unreadable(`the CI file of ${project} is kept elsewhere (${path})`);
  try {
    const text = await gitlab.RepositoryFiles.showRaw(project, path, ref);
    if (typeof text !== 'string') return unreadable(`${path} of ${project} is not a text`);
    return declarationIn(text, parseYaml, `${path} of ${project} at "${ref}"`);
  } catch (thrown) {
    if (isAbsent(thrown))
      return unreadable(`${project} has no ${path} at "${ref}", or no such branch or tag`);
    throw thrown;
  }
};

/** Where the project keeps its CI file. A token that may not see the project's settings may still read the usual file. */
const ciFileOf = async (gitlab: Pick<GitLab, 'Projects'>, project: string): Promise<string> => {
  const shown = await gitlab.Projects.show(project).catch((thrown: unknown) => {
    if (isAbsent(thrown)) return {};
    throw thrown;
  });
  const { ci_config_path: configured } = fieldsOf(shown, 'a project');
  return typeof configured === 'string' && configured !== '' ? configured : '.gitlab-ci.yml';
};

const declarationIn = (text: string, parseYaml: ParseYaml, what: string): Declaration => {
  const documents = readable(text, parseYaml);
  if (documents === undefined) return unreadable(`${what} is not YAML`);
  const [header, ...rest] = documents;
  // Only a first document of its own is a header: https://docs.gitlab.com/ci/yaml/#header-keywords
  if (rest.length === 0 || !isMap(header) || !isMap(header.spec) || !isMap(header.spec.inputs))
    return { kind: 'none' };
  return { kind: 'declared', inputs: Object.entries(header.spec.inputs).map(inputFrom) };
};

const inputFrom = ([name, spec]: [string, unknown]): DeclaredInput => {
  const { type, options, default: preset } = isMap(spec) ? spec : {};
  const words = Array.isArray(options) ? options.filter(isWord) : undefined;
  return {
    name,
    type: typeof type === 'string' ? type : 'string',
    required: preset === undefined,
    ...(words === undefined ? {} : { options: words }),
  };
};

const readable = (text: string, parseYaml: ParseYaml): readonly unknown[] | undefined => {
  try {
    return parseYaml(text);
  } catch {
    return undefined;
  }
};

const unreadable = (because: string): Declaration => ({ kind: 'unreadable', because });

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isWord = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);
