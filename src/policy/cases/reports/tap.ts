import { ruleAsText } from '../rule-names.ts';
import { type Point, pointsOf } from './points.ts';
import { noticeable, type Tested, visible } from './tested.ts';

/** A hash would begin a directive: https://testanything.org/tap-version-14-specification.html */
const escaped = (text: string): string => visible(text).replace(/[\\#]/g, '\\$&');

const inYaml = (text: string): string => JSON.stringify(visible(text));

const pointAsLines = ({ suite, name, place, passed, details }: Point, number: number): readonly string[] => {
  const line = `${passed ? 'ok' : 'not ok'} ${number} - ${escaped(`${suite}: ${name}`)}`;
  if (passed) return [line];
  const at = place === undefined ? [] : [`  at: ${inYaml(`${place.file}:${place.line}`)}`];
  return [line, '  ---', ...at, ...details.map(([key, text]) => `  ${key}: ${inYaml(text)}`), '  ...'];
};

const remarks = ({ report, mutation }: Tested): readonly string[] => {
  const { rules, decided, undecided } = report.coverage;
  const noticed =
    'skipped' in mutation
      ? [`mutation not measured: ${mutation.skipped}`]
      : [
          `mutation ${mutation.noticed}/${noticeable(mutation)} noticed${mutation.complete ? '' : ', not all tried'}`,
          ...mutation.survivors.map(({ text }) => `nobody would notice if ${text}`),
        ];
  return [
    `coverage ${decided}/${rules} rules`,
    ...undecided.map((rule) => `no case is decided by ${ruleAsText(rule)}`),
    ...noticed,
  ];
};

/** The report as TAP 14; coverage and mutation as comments. */
export const asTap = (tested: Tested): string => {
  const points = pointsOf(tested);
  const lines = [
    'TAP version 14',
    points.length === 0 ? '1..0 # SKIP no cases' : `1..${points.length}`,
    ...points.flatMap((point, index) => pointAsLines(point, index + 1)),
    ...remarks(tested).map((remark) => `# ${visible(remark)}`),
  ];
  return `${lines.join('\n')}\n`;
};
