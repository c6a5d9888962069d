import type { GitLab } from './client.ts';
import { fieldsOf, listOf, textOf } from './shapes.ts';

/** Where a line of a file comes from: a commit's full id, and the merge request that brought it when there was one. */
export interface LineOrigin {
  readonly commit: string;
  readonly mergeRequest?: { readonly iid: number; readonly url: string; readonly title: string };
}

/** A line, from 1, of a file of a project (its path from the root) at a commit. */
export interface Line {
  readonly project: string;
  readonly path: string;
  readonly sha: string;
  readonly line: number;
}

/** What asking takes. */
export interface ProvenanceParts {
  readonly gitlab: Pick<GitLab, 'RepositoryFiles' | 'Commits'>;
  /** Waits that many milliseconds; the signal ends the wait. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

const longestMs = 1000;
const mostKept = 1000;

/** https://docs.gitlab.com/api/repository_files/#get-file-blame-from-repository */
const commitOf = async ({ gitlab }: ProvenanceParts, { project, path, sha, line }: Line): Promise<string> => {
  const range = { start: line, end: line };
  const answer = await gitlab.RepositoryFiles.allFileBlames(project, path, sha, { range });
  const [first] = listOf(answer, 'a list of blamed lines');
  const { commit } = fieldsOf(first, 'blamed lines');
  return textOf(fieldsOf(commit, 'the commit of a line'), 'id', 'a commit');
};

/** https://docs.gitlab.com/api/commits/#list-merge-requests-associated-with-a-commit */
const mergeRequestOf = async ({ gitlab }: ProvenanceParts, project: string, commit: string) => {
  const merged = listOf(await gitlab.Commits.allMergeRequests(project, commit), 'a list of merge requests')
    .map((one) => fieldsOf(one, 'a merge request'))
    .find(({ state }) => state === 'merged');
  if (merged === undefined || typeof merged.iid !== 'number') return undefined;
  const [url, title] = ['web_url', 'title'].map((name) => textOf(merged, name, 'a merge request'));
  return { iid: merged.iid, url: url ?? '', title: title ?? '' };
};

const ask = async (parts: ProvenanceParts, line: Line): Promise<LineOrigin> => {
  const commit = await commitOf(parts, line);
  const mergeRequest = await mergeRequestOf(parts, line.project, commit);
  return mergeRequest === undefined ? { commit } : { commit, mergeRequest };
};

/** What was asked, or undefined when that takes too long or fails: an answer is nice to have here, never needed. */
const inTime = async (
  { wait }: ProvenanceParts,
  asked: Promise<LineOrigin>,
): Promise<LineOrigin | undefined> => {
  const done = new AbortController();
  const late = wait(longestMs, done.signal).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([asked, late]);
  } catch {
    return undefined;
  } finally {
    done.abort();
  }
};

/** Asks GitLab where a line comes from, for at most a second; an answer that comes later is kept for the next who asks. Never rejects. */
export const createProvenance = (
  parts: ProvenanceParts,
): ((line: Line) => Promise<LineOrigin | undefined>) => {
  const known = new Map<string, Promise<LineOrigin>>();
  const keep = (key: string, asked: Promise<LineOrigin>): void => {
    const [oldest] = known.keys();
    if (known.size >= mostKept && oldest !== undefined) known.delete(oldest);
    known.set(key, asked);
    // What failed is asked again the next time.
    asked.catch(() => known.delete(key));
  };
  return (line) => {
    const key = JSON.stringify([line.project, line.sha, line.path, line.line]);
    const found = known.get(key);
    if (found !== undefined) return inTime(parts, found);
    const asked = ask(parts, line);
    keep(key, asked);
    return inTime(parts, asked);
  };
};
