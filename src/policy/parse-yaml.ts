import { parseAllDocuments, type Tags } from 'yaml';

/** GitLab's own tag for a place elsewhere in the file; what it leads to does not matter here. */
const reference = { tag: '!reference', collection: 'seq', resolve: () => null } as const;

/** Far more aliases than a CI file has, far fewer than it takes to fill the memory. */
const mostAliases = 1000;

/** All documents of a YAML text as plain values. Throws when it is not YAML. */
export const parseYaml = (text: string): readonly unknown[] => {
  const customTags: Tags = [reference];
  return parseAllDocuments(text, { customTags }).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS({ maxAliasCount: mostAliases });
  });
};
