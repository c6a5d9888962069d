import { parseAllDocuments, type Tags } from 'yaml';

/** GitLab's own tag for a place elsewhere in the file; what it leads to does not matter here. */
const reference = { tag: '!reference', collection: 'seq', resolve: () => null } as const;

/** Far more aliases than a CI file has, far fewer than it takes to fill the memory. */
const mostAliases = 1000;

/** A CI file is far below both. The reader takes all memory over endless nesting, and the process with it. */
const longestText = 512 * 1024;
const mostBrackets = 10_000;

const refuseHostile = (text: string): void => {
  if (text.length > longestText) throw new Error('reading YAML: the text is too long');
  const brackets = text.length - text.replaceAll(/[[{]/g, '').length;
  if (brackets > mostBrackets) throw new Error('reading YAML: the text nests too much');
};

/** All documents of a YAML text as plain values. Throws when it is not YAML, or too large to be a CI file. */
export const parseYaml = (text: string): readonly unknown[] => {
  refuseHostile(text);
  const customTags: Tags = [reference];
  return parseAllDocuments(text, { customTags }).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS({ maxAliasCount: mostAliases });
  });
};
