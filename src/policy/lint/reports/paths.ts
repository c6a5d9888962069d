import type { Finding } from '../finding.ts';

/** Where a finding stands, seen from where lint was run. What stands in no file is put down to the folder. */
export const pathOf = ({ file }: Pick<Finding, 'file'>, folder: string): string => {
  const path = file === '.' || file.startsWith('(') ? folder : `${folder}/${file}`;
  return path.replace(/^(?:\.\/)+/, '');
};
