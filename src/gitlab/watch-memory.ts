import type { PipelineView } from '../core/pipelines.ts';
import type { PipelineState } from './shapes.ts';

/** What is known of one pipeline. Times are Unix milliseconds. */
export interface Known {
  readonly state: PipelineState;
  /** When GitLab last said so. */
  readonly confirmedAt: number;
  readonly lookedAt: number;
  /** The view last built, and for which state of the pipeline. */
  readonly shown: { readonly mark: string; readonly at: number; readonly view: PipelineView } | undefined;
}

/** The pipelines that are known. */
export interface WatchMemory {
  get(project: string, id: number): Known | undefined;
  /** Takes in what GitLab said, unless something newer is known already. */
  learn(state: PipelineState, at: number): Known;
  show(known: Known, shown: NonNullable<Known['shown']>): void;
  touch(known: Known, at: number): void;
  drop(project: string, id: number): void;
  /** Forgets what nobody looked at for long. */
  forget(at: number): void;
  holds(project: string): boolean;
  size(): number;
}

/** An empty memory. */
export const createMemory = (forgetAfterMs: number): WatchMemory => {
  const byProject = new Map<string, Map<number, Known>>();

  const get = (project: string, id: number) => byProject.get(project)?.get(id);

  const change = ({ state }: Known, changes: Partial<Known>): void => {
    const known = get(state.project, state.id);
    if (known) byProject.get(state.project)?.set(state.id, { ...known, ...changes });
  };

  return {
    get,
    learn: (state, at) => {
      const pipelines = byProject.get(state.project) ?? new Map<number, Known>();
      byProject.set(state.project, pipelines);
      const before = pipelines.get(state.id);
      const isOlder = before !== undefined && state.updatedAt < before.state.updatedAt;
      const known: Known = {
        state: isOlder ? before.state : state,
        confirmedAt: at,
        lookedAt: before?.lookedAt ?? at,
        shown: before?.shown,
      };
      pipelines.set(state.id, known);
      return known;
    },
    show: (known, shown) => change(known, { shown }),
    touch: (known, lookedAt) => change(known, { lookedAt }),
    drop: (project, id) => {
      byProject.get(project)?.delete(id);
    },
    forget: (at) => {
      for (const [project, pipelines] of byProject) {
        for (const [id, { lookedAt }] of pipelines) if (at - lookedAt > forgetAfterMs) pipelines.delete(id);
        if (pipelines.size === 0) byProject.delete(project);
      }
    },
    holds: (project) => byProject.has(project),
    size: () => [...byProject.values()].reduce((sum, { size }) => sum + size, 0),
  };
};

/** Asks a question unless it is under way already; everyone who asks meanwhile gets the one answer. */
export const createOnce = <T>() => {
  const asking = new Map<string, Promise<T>>();
  return (question: string, ask: () => Promise<T>): Promise<T> => {
    const underWay = asking.get(question);
    if (underWay) return underWay;
    const answer = ask().finally(() => asking.delete(question));
    asking.set(question, answer);
    return answer;
  };
};
