import type { Place } from '../../core/command.ts';

/** Whether a row stands in a file; what is known from GitLab does not, and changes without a merge request. */
export const isWritten = ({ file }: Place): boolean => !file.startsWith('(');
