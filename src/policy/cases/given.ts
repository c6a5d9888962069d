import { allowOnly, notText, type Reader } from '../commands/reader.ts';
import type { Tree } from '../commands/tree.ts';
import { createMistakeList } from '../mistakes.ts';
import { type Link, readMemberships } from '../rows.ts';

/** The texts of a list, each with its line; what is no text is reported. */
export const readTexts = (
  reader: Reader,
  key: string,
  items: readonly Tree[],
): readonly { readonly text: string; readonly line: number }[] =>
  items.flatMap((item) => {
    if (item.kind === 'scalar' && typeof item.value === 'string')
      return [{ text: item.value, line: item.line }];
    reader.wrongAt(item.line, `${key}: ${item.kind === 'scalar' ? notText(item) : 'a text is needed here'}`);
    return [];
  });

/** Memberships are held to the same shapes as `g` rows. */
const link = (
  file: string,
  reader: Reader,
  line: number,
  pair: readonly [string, string],
): readonly Link[] => {
  const wrong = createMistakeList();
  const links = readMemberships([pair], wrong);
  for (const { text } of wrong.all()) reader.wrongAt(line, text);
  return links.map((one) => ({ ...one, file, line }));
};

const readMembers = (file: string, members: Reader): readonly Link[] =>
  members.keys.flatMap((group) => {
    const path = group.replace(/^gitlab-group:/, '');
    return readTexts(members, group, members.list(group) ?? []).flatMap(({ text, line }) => {
      const user = text.replace(/^gitlab:/, '');
      return link(file, members, line, [`gitlab:${user}`, `gitlab-group:${path}`]);
    });
  });

const readLinks = (file: string, links: Reader): readonly Link[] =>
  links.keys.flatMap((member) => {
    const tree = links.tree(member);
    const items = tree?.kind === 'list' ? tree.items : tree === undefined ? [] : [tree];
    return readTexts(links, member, items).flatMap(({ text, line }) =>
      link(file, links, line, [member, text]),
    );
  });

/** Reads `given`: who is in which GitLab group, and further `g` rows, for the cases of one file only. */
export const readGiven = (file: string, reader: Reader): readonly Link[] => {
  const given = reader.table('given');
  if (given === undefined) return [];
  allowOnly(given, ['members', 'links']);
  const members = given.table('members');
  const links = given.table('links');
  return [
    ...(members === undefined ? [] : readMembers(file, members)),
    ...(links === undefined ? [] : readLinks(file, links)),
  ];
};
