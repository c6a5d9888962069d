import { createHash } from 'node:crypto';
import type { PolicyProjectWiring } from '../../src/wiring/policy-project.ts';
import { lbWeight } from '../policy/fixtures.ts';

/** How a commit came about, and what is in it. All but `right` must never be in force. */
export const kinds = [
  'right',
  'pushed',
  'merged by its author',
  'merged into another branch',
  'with a mistake',
  'against its cases',
  'with a stray file',
] as const;
export type Kind = (typeof kinds)[number];

export interface FakeCommit {
  readonly sha: string;
  readonly kind: Kind;
  /** So much of the traffic may Bo move. */
  readonly most: number;
}

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
const blobId = (text: string): string => sha1(`blob ${Buffer.byteLength(text)}\0${text}`);

const cases = `cases:
  - allow: { as: slack:T1/UBO, in: channels:dev, run: lb weight web 0 }
  - deny: { as: slack:T1/UBO, in: channels:dev, run: lb weight web 99 }
`;

const filesOf = ({ kind, most }: FakeCommit): Readonly<Record<string, string>> => ({
  'policy.csv': `g, slack:T1/UBO, role:dev
g2, slack:T1/CDEV, channels:dev
p, role:dev, channels:dev, lb *, weight <= ${kind === 'against its cases' ? 100 : most}, ${kind === 'with a mistake' ? 'alow' : 'allow'}
`,
  'commands/lb-weight.yml': lbWeight,
  'cases/a.yml': cases,
  ...(kind === 'with a stray file' ? { 'notes.txt': 'x' } : {}),
});

const mergeRequestsOf = ({ kind, sha }: FakeCommit): readonly unknown[] => {
  if (kind === 'pushed') return [];
  const target = kind === 'merged into another branch' ? 'next' : 'main';
  const merger = kind === 'merged by its author' ? 1 : 2;
  return [
    {
      iid: 1,
      state: 'merged',
      target_branch: target,
      merge_commit_sha: sha,
      author: { id: 1 },
      merge_user: { id: merger },
    },
  ];
};

/** The branch `main` of a policy project, as GitLab's API shows it; without HTTP, for many looks. */
export const createPolicyBranch = () => {
  const commits = new Map<string, FakeCommit>();
  const branch = {
    head: '',
    protected: true,
    away: false,
    downloads: 0,
    push(kind: Kind, most: number): FakeCommit {
      const commit = { sha: sha1(`commit ${commits.size}`), kind, most };
      commits.set(commit.sha, commit);
      branch.head = commit.sha;
      return commit;
    },
  };
  const present = (): void => {
    if (branch.away) throw new Error('GitLab is away');
  };
  const at = (sha: string): FakeCommit => {
    present();
    const found = commits.get(sha);
    if (found === undefined) throw new Error(`there is no commit ${sha}`);
    return found;
  };
  const api = {
    Branches: {
      show: async () => {
        present();
        return { protected: branch.protected, commit: { id: branch.head } };
      },
    },
    Commits: {
      allMergeRequests: async (_: string, sha: string) => mergeRequestsOf(at(sha)),
      allStatuses: async () => [],
      editStatus: async () => ({}),
    },
    Repositories: {
      allRepositoryTrees: async (_: string, query: Readonly<Record<string, unknown>>) =>
        Object.entries(filesOf(at(String(query.ref)))).map(([path, text]) => ({
          id: blobId(text),
          path,
          type: 'blob',
          mode: '100644',
        })),
    },
    RepositoryFiles: {
      allFileBlames: async () => [],
      show: async (_: string, path: string, sha: string) => {
        branch.downloads++;
        const text = filesOf(at(sha))[path] ?? '';
        return { encoding: 'base64', content: Buffer.from(text).toString('base64') };
      },
      showRaw: async () => '',
    },
  } satisfies PolicyProjectWiring['api'];
  return { branch, api, commits };
};
