import type { Place } from '../../../core/command.ts';
import { reachedOf, type Tested } from './tested.ts';

/** One thing that was tested, as machines count: a case, a file with a mistake, a minimum. */
export interface Point {
  readonly suite: string;
  readonly name: string;
  /** The file with the folder before it, as it stands in the repository. */
  readonly place: Place | undefined;
  readonly passed: boolean;
  /** What failed; empty when it passed. */
  readonly details: readonly (readonly [name: string, text: string])[];
}

const joined = (folder: string, file: string): string =>
  folder === '.' ? file : `${folder.replace(/\/+$/, '').replace(/^\.\//, '')}/${file}`;

const mistakePoints = ({ folder, report }: Tested): readonly Point[] =>
  report.mistakes.map(({ file, line, text }) => ({
    suite: 'files',
    name: `${file}:${line} can be read`,
    place: { file: joined(folder, file), line },
    passed: false,
    details: [['mistake', text]],
  }));

const casePoints = ({ folder, report }: Tested): readonly Point[] =>
  report.results.map(({ file, line, suite, name, passed, expected, got, near }) => ({
    suite,
    name,
    place: { file: joined(folder, file), line },
    passed,
    details: passed
      ? []
      : [['expected', expected], ['got', got], ...(near === undefined ? [] : [['nearest', near] as const])],
  }));

const minimumPoints = (tested: Tested): readonly Point[] =>
  reachedOf(tested).map(({ name, passed, got }) => ({
    suite: 'minimums',
    name,
    place: undefined,
    passed,
    details: passed ? [] : [['got', got]],
  }));

/** Reports that compare two runs know a point by its name: what happens to be called alike gets its line, then a number. */
const apart = (points: readonly Point[]): readonly Point[] => {
  const counts = new Map<string, number>();
  const count = (key: string): number => {
    const next = (counts.get(key) ?? 0) + 1;
    counts.set(key, next);
    return next;
  };
  return points.map((point) => {
    const key = `${point.place?.file}\n${point.name}`;
    if (count(key) === 1) return point;
    const name = `${point.name} (line ${point.place?.line})`;
    const again = count(`${key}\n${name}`);
    return { ...point, name: again === 1 ? name : `${name} (${again})` };
  });
};

/** Everything that was tested, in the order of the files. */
export const pointsOf = (tested: Tested): readonly Point[] =>
  apart([...mistakePoints(tested), ...casePoints(tested), ...minimumPoints(tested)]);
