import {
  Branches,
  Commits,
  FeatureFlags,
  GroupMembers,
  Jobs,
  MergeRequestNotes,
  MergeRequests,
  Pipelines,
  Projects,
  Repositories,
  RepositoryFiles,
  Users,
} from '@gitbeaker/rest';
import type { RequesterFn } from './requester.ts';

type Fields = Readonly<Record<string, unknown>>;

type KeyValue = {
  readonly key: string;
  readonly value: string;
};

/** The states that the gateway gives to a commit, of those that GitLab knows. */
export type CommitState = 'running' | 'success' | 'failed';

/** The part of GitLab's API that the gateway uses. Projects go by path or id; answers are read by `shapes.ts`, never believed. */
export interface GitLab {
  readonly Pipelines: {
    create(project: string, ref: string, body: Fields): Promise<unknown>;
    show(project: string, id: number): Promise<unknown>;
    all(project: string, query: Fields): Promise<unknown>;
    allVariables(project: string, id: number): Promise<unknown>;
    cancel(project: string, id: number): Promise<unknown>;
    retry(project: string, id: number): Promise<unknown>;
  };
  readonly Jobs: {
    all(project: string, query: Fields): Promise<unknown>;
    allPipelineBridges(project: string, id: number, query: Fields): Promise<unknown>;
    showLog(project: string, id: number): Promise<unknown>;
    play(project: string, id: number, body: { jobVariablesAttributes: KeyValue[] }): Promise<unknown>;
    retry(project: string, id: number): Promise<unknown>;
  };
  readonly FeatureFlags: {
    all(project: string, query: Fields): Promise<unknown>;
    show(project: string, name: string): Promise<unknown>;
    edit(project: string, name: string, body: Fields): Promise<unknown>;
  };
  readonly GroupMembers: { all(group: string, query: Fields): Promise<unknown> };
  readonly Users: { showCurrentUser(): Promise<unknown> };
  readonly Projects: { show(project: string): Promise<unknown> };
  readonly Repositories: {
    allRepositoryTrees(project: string, query: Fields): Promise<unknown>;
  };
  readonly Branches: { show(project: string, branch: string): Promise<unknown> };
  readonly Commits: {
    allMergeRequests(project: string, sha: string): Promise<unknown>;
    allStatuses(project: string, sha: string, query: Fields): Promise<unknown>;
    editStatus(project: string, sha: string, state: CommitState, body: Fields): Promise<unknown>;
  };
  readonly MergeRequests: {
    show(project: string, iid: number): Promise<unknown>;
    all(query: Fields & { readonly projectId: string }): Promise<unknown>;
  };
  readonly MergeRequestNotes: {
    all(project: string, iid: number, query: Fields): Promise<unknown>;
    create(project: string, iid: number, body: string): Promise<unknown>;
    edit(project: string, iid: number, note: number, body: { body: string }): Promise<unknown>;
    remove(project: string, iid: number, note: number): Promise<unknown>;
  };
  readonly RepositoryFiles: {
    allFileBlames(
      project: string,
      path: string,
      ref: string,
      options: { range: { start: number; end: number } },
    ): Promise<unknown>;
    show(project: string, path: string, ref: string): Promise<unknown>;
    showRaw(project: string, path: string, ref: string): Promise<unknown>;
  };
}

/** GitLab at `url` (a path below the host is kept), acting as the token's user. */
export const createGitLab = (options: {
  readonly url: string;
  readonly token: string;
  readonly requester: RequesterFn;
}): GitLab => {
  const settings = {
    host: options.url.replace(/\/+$/, ''),
    token: options.token,
    requesterFn: options.requester,
    // Time limits are the connection's; a signal for each call costs as much as the call.
    queryTimeout: 0,
    // gitbeaker would stop for the rest of the minute, in silence. GitLab's own limits are answered with 429.
    rateLimits: { '**': 1e9 },
  };
  return {
    Pipelines: new Pipelines(settings),
    Jobs: new Jobs(settings),
    FeatureFlags: new FeatureFlags(settings),
    GroupMembers: new GroupMembers(settings),
    Users: new Users(settings),
    Projects: new Projects(settings),
    Repositories: new Repositories(settings),
    Branches: new Branches(settings),
    Commits: new Commits(settings),
    MergeRequestNotes: new MergeRequestNotes(settings),
    MergeRequests: new MergeRequests(settings),
    RepositoryFiles: new RepositoryFiles(settings),
  };
};
