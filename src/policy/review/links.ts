import type { Place } from '../../core/command.ts';
import type { About } from './about.ts';
import { quoted } from './quoted.ts';

/** A commit by its first characters, as text that GitLab does not look up elsewhere. */
export const short = (sha: string): string => quoted(sha.slice(0, 8));

const encoded = (path: string): string =>
  path
    .split('/')
    .map((part) => encodeURIComponent(part).replace(/[!'()*~]/g, hex))
    .join('/');

const hex = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;

/** Places that stand in no file of the policy begin with a bracket. */
const isFile = (file: string): boolean => file !== '.' && !file.startsWith('(');

/** `policy.csv:12` as a link to that line at the source commit; plain where there is no such page. */
export const linked = ({ page, folder, source }: About, { file, line }: Place): string => {
  const label = quoted(`${file}:${line}`, 120);
  const path = folder === '' ? file : `${folder}/${file}`;
  // What is cut off in the label, or cannot stand in an address, is shown without a link.
  if (page === undefined || !isFile(file) || path.length > 200 || !path.isWellFormed()) return label;
  return `[${label}](${page}/-/blob/${source}/${encoded(path)}#L${line})`;
};
