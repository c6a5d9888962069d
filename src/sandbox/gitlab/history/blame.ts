import type { Commit, Repository } from '../repository.ts';
import { linesOf, matchingLines } from './matching-lines.ts';

/** Lines that stand together and came with one commit. */
export interface Blamed {
  readonly commit: Commit;
  readonly lines: readonly string[];
}

interface Asked {
  readonly commit: Commit;
  /** Line of the file in that commit -> line of the file asked about; both from 0. */
  readonly lines: ReadonlyMap<number, number>;
}

/** Which commit brought each line of a file, as `git blame` tells it; undefined when the commit has no such file. */
export function blame(repository: Repository, from: Commit, path: string): readonly Blamed[] | undefined {
  const content = from.files.get(path);
  if (content === undefined) return undefined;
  const lines = linesOf(content);
  const found: Commit[] = lines.map(() => from);
  const open: Asked[] = [{ commit: from, lines: new Map(lines.map((_line, at) => [at, at])) }];
  for (let asked = open.pop(); asked; asked = open.pop()) {
    const { rest, passedOn } = passOn(repository, asked, path);
    open.push(...passedOn);
    for (const at of rest.values()) found[at] = asked.commit;
  }
  return grouped(lines, found);
}

/** Gives every line that a parent has too to that parent; the rest came with the commit itself. */
function passOn(repository: Repository, { commit, lines }: Asked, path: string) {
  const rest = new Map(lines);
  const passedOn: Asked[] = [];
  const own = linesOf(commit.files.get(path) ?? '');
  for (const sha of commit.parents) {
    const parent = repository.find(sha);
    const content = parent?.files.get(path);
    if (!parent || content === undefined) continue;
    const theirs = new Map<number, number>();
    for (const [before, after] of matchingLines(linesOf(content), own)) {
      const at = rest.get(after);
      if (at === undefined) continue;
      theirs.set(before, at);
      rest.delete(after);
    }
    if (theirs.size > 0) passedOn.push({ commit: parent, lines: theirs });
  }
  return { rest, passedOn };
}

function grouped(lines: readonly string[], found: readonly Commit[]): readonly Blamed[] {
  const groups: { commit: Commit; lines: string[] }[] = [];
  found.forEach((commit, at) => {
    const last = groups.at(-1);
    const line = lines[at] ?? '';
    if (last?.commit === commit) last.lines.push(line);
    else groups.push({ commit, lines: [line] });
  });
  return groups;
}
