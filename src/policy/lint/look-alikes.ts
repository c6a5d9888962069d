/** Letters of other scripts that most fonts draw like ASCII ones. From https://www.unicode.org/Public/security/latest/confusables.txt */
const lookAlikes = new Set('аеорсухіјѕԁһӏԛԝкгтвмнзАВЕКМНОРСТХЅІЈЗϲοαρνικυγΑΒΕΖΗΙΚΜΝΟΡΤΥΧհոսօ');
const word = /[\p{L}\p{N}_]+/gu;
const ascii = /[A-Za-z0-9]/;
const foreign = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;
const foreignLetters = new RegExp(foreign, 'gu');
/** Full-width and mathematical letters and digits: they become ASCII when they are put into one form. And Latin letters of phonetic writing. */
const dressed = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u{1d400}-\u{1d7ff}\u0131\u0250-\u02af]/u;
const beyondAscii = /[^\0-\x7f]/;

const looksLikeAscii = (letters: readonly string[]): boolean =>
  letters.every((letter) => lookAlikes.has(letter));

const isDeceptiveWord = (text: string): boolean =>
  dressed.test(text) ||
  (foreign.test(text) && (ascii.test(text) || looksLikeAscii(text.match(foreignLetters) ?? [])));

/** In a sentence for people a whole word may be of any script; one of two scripts is no word. */
const isDeceptiveInProse = (text: string): boolean =>
  ascii.test(text) && foreign.test(text) && looksLikeAscii(text.match(foreignLetters) ?? []);

/** The first word that can be taken for another one, because letters of other scripts stand for ASCII ones. */
export const lookAlikeIn = (text: string, kind: 'word' | 'prose'): string | undefined =>
  beyondAscii.test(text)
    ? text.match(word)?.find(kind === 'prose' ? isDeceptiveInProse : isDeceptiveWord)
    : undefined;
