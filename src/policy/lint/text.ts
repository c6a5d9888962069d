import type { Place } from '../../core/command.ts';
import { holdsUnseen } from '../csv.ts';
import { shown } from '../hints.ts';
import { type Finding, finding } from './finding.ts';

/** Letters of other scripts that are drawn like ASCII ones, in most fonts. From https://www.unicode.org/Public/security/latest/confusables.txt */
const lookAlikes = 'аеорсухіјѕԁһӏԛԝАВЕКМНОРСТХЅІЈϲοαρνικυΑΒΕΖΗΙΚΜΝΟΡΤΥΧհոսօ';
const word = /[\p{L}\p{N}_]+/gu;
const ascii = /[A-Za-z0-9]/;
const foreign = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;
/** Full-width and mathematical letters and digits: they become ASCII when they are put into one form. */
const dressed = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u{1d400}-\u{1d7ff}]/u;

const isDeceptive = (text: string): boolean =>
  (ascii.test(text) && foreign.test(text)) ||
  dressed.test(text) ||
  (foreign.test(text) && [...text].every((letter) => lookAlikes.includes(letter)));

/** Sentences for people may be in any language. */
const isProse = (line: string): boolean => /^\s*(?:#|summary:|description:)/.test(line);

const lookAlikeIn = (line: string): string | undefined =>
  isProse(line) ? undefined : line.match(word)?.find(isDeceptive);

const isYaml = (file: string): boolean => /\.ya?ml$/.test(file);

const lineFindings = (place: Place, line: string): readonly Finding[] => {
  const deceptive = lookAlikeIn(line);
  const comment = line.startsWith('#');
  return [
    ...(deceptive === undefined
      ? []
      : [
          finding(
            place,
            'homoglyph',
            `${shown(deceptive)} holds letters that look like others; type it anew`,
          ),
        ]),
    ...(isYaml(place.file) && holdsUnseen(line.replaceAll('\t', ' '))
      ? [
          finding(
            place,
            'hidden-character',
            `${shown(line.trim())} holds an invisible or special character; remove it`,
          ),
        ]
      : []),
    // In a row of policy.csv it is a mistake already.
    ...((isYaml(place.file) || comment) && /[ \t]$/.test(line)
      ? [finding(place, 'blank-at-end', 'the line ends with blanks; remove them')]
      : []),
  ];
};

/** What can be said of the files as text. */
export const textFindings = (files: ReadonlyMap<string, string>): readonly Finding[] =>
  [...files].flatMap(([file, text]) =>
    text
      .split('\n')
      .flatMap((line, at) =>
        lineFindings({ file, line: at + 1 }, line.endsWith('\r') ? line.slice(0, -1) : line),
      ),
  );
