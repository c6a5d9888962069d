import { type Point, pointsOf } from './points.ts';
import { type Tested, visible } from './tested.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 cannot hold control characters at all, not even as references: they are made visible. */
const escaped = (text: string): string => visible(text).replace(/[&<>"']/g, (char) => entities[char] ?? char);

const attributes = (all: Readonly<Record<string, string | number>>): string =>
  Object.entries(all)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');

/** GitLab reads classname, name, file, time and failure: https://docs.gitlab.com/ci/testing/unit_test_reports/ */
const pointAsLines = ({ name, suite, place, passed, details }: Point): readonly string[] => {
  const file = place === undefined ? {} : { file: place.file };
  const opening = `    <testcase${attributes({ classname: suite, name, ...file, time: '0' })}`;
  if (passed) return [`${opening}/>`];
  const message = details.map(([key, text]) => `${key} ${text}`).join('; ');
  const told = place === undefined ? details : [['at', `${place.file}:${place.line}`] as const, ...details];
  return [
    `${opening}>`,
    `      <failure${attributes({ message })}>`,
    ...told.map(([key, text]) => escaped(`${key}: ${text}`)),
    '      </failure>',
    '    </testcase>',
  ];
};

const failuresIn = (points: readonly Point[]): number => points.filter(({ passed }) => !passed).length;

const suiteAsLines = (name: string, points: readonly Point[]): readonly string[] => [
  `  <testsuite${attributes({ name, tests: points.length, failures: failuresIn(points), errors: 0, time: '0' })}>`,
  ...points.flatMap(pointAsLines),
  '  </testsuite>',
];

/** The report as JUnit XML, as GitLab's unit test reports read it. */
export const asJunit = (tested: Tested): string => {
  const points = pointsOf(tested);
  const suites = [...new Set(points.map(({ suite }) => suite))];
  const total = {
    name: 'chatops policy test',
    tests: points.length,
    failures: failuresIn(points),
    errors: 0,
  };
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes(total)}>`,
    ...suites.flatMap((name) =>
      suiteAsLines(
        name,
        points.filter(({ suite }) => suite === name),
      ),
    ),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
};
