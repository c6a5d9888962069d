import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { parseAllDocuments } from 'yaml';

const root = join(import.meta.dirname, '../..');
const template = readFileSync(join(root, 'ci-templates/policy-check.yml'), 'utf8');

interface Job {
  readonly script: readonly string[];
  readonly before_script?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

interface Template {
  readonly inputs: Readonly<Record<string, { readonly default?: string | number; readonly regex?: string }>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const gateway = `${process.execPath} ${join(root, 'dist/cli/main.js')}`;

/** Every document of a YAML text. */
export const documentsOf = (text: string) => parseAllDocuments(text).map((document) => document.toJS());

/** The template with inputs put in, as GitLab does before it reads the jobs. */
export const readTemplate = (given: Readonly<Record<string, string | number>>): Template => {
  const [header] = documentsOf(template);
  const inputs: Template['inputs'] = header.spec.inputs;
  const filled = template.replaceAll(/\$\[\[ inputs\.(\w+) \]\]/g, (_, name: string) => {
    const value = given[name] ?? inputs[name]?.default;
    if (value === undefined) throw new Error(`the input ${name} must be given`);
    return String(value);
  });
  const [, jobs] = documentsOf(filled);
  return { inputs, jobs };
};

/** How a job ended. */
export interface Ended {
  readonly status: number | null;
  readonly log: string;
}

/** A clone of a policy project, in which the template's jobs run one by one as a runner would run them. */
export const projectOf = (t: Test, folder: string) => {
  const path = join(t.testdir(), 'project');
  const policies = join(path, folder);
  mkdirSync(path, { recursive: true });
  const git = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync('git', ['-C', path, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  };
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.email', 'ana@example.com');
  git('config', 'user.name', 'Ana');
  const commit = (text: string): string => {
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', text);
    return git('rev-parse', 'HEAD');
  };
  return {
    path,
    commit,
    git,
    addPolicies: () => cpSync(join(root, 'policies'), policies, { recursive: true }),
    change: (file: string, change: (text: string) => string) =>
      writeFileSync(join(policies, file), change(readFileSync(join(policies, file), 'utf8'))),
    run(
      name: string,
      inputs: Readonly<Record<string, string | number>>,
      base = '',
      shell = 'bash',
      chatops = gateway,
    ): Ended {
      const { jobs } = readTemplate({ image: 'gateway', folder, ...inputs });
      const common = jobs['.chatops-policy'];
      const job = jobs[name];
      if (job === undefined || common === undefined) throw new Error(`there is no job ${name}`);
      const strict = shell === 'bash' ? 'set -eo pipefail' : 'set -e';
      const script = [strict, ...(common.before_script ?? []), ...job.script].join('\n');
      const env = {
        PATH: process.env.PATH,
        ...common.variables,
        ...job.variables,
        CHATOPS: chatops,
        CI_DEFAULT_BRANCH: 'main',
        ...(base === '' ? {} : { CI_MERGE_REQUEST_DIFF_BASE_SHA: base }),
      };
      const { status, stdout, stderr } = spawnSync(shell, ['-c', script], {
        cwd: path,
        env,
        encoding: 'utf8',
      });
      return { status, log: stdout + stderr };
    },
    read: (file: string): string => readFileSync(join(path, '.chatops', file), 'utf8'),
    has: (file: string): boolean => existsSync(join(path, '.chatops', file)),
  };
};
