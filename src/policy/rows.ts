import type { Place } from '../core/command.ts';
import type { Rule } from '../core/decision.ts';
import { type Annotations, readAnnotations } from './annotations.ts';
import { type CsvRow, readCsv } from './csv.ts';
import { didYouMean, shown } from './hints.ts';
import { type IdKind, kindOfId } from './ids.ts';
import type { MistakeCode, MistakeList } from './mistakes.ts';

/** A `g` or `g2` row: the member has what the group has. `reason` and `expires` (Unix milliseconds) as with rules. */
export interface Link extends Place, Annotations {
  readonly member: string;
  readonly group: string;
}

/** What stands in policy.csv: rules, who belongs to what, which channels form a set. */
export interface PolicyRows {
  readonly rules: readonly Rule[];
  readonly people: readonly Link[];
  readonly channels: readonly Link[];
}

const whoShapes = '*, slack:<team>/<user>, gitlab:<username>, gitlab-group:<path> or role:<name>';
const channelShapes = '*, slack:<team>/<channel> or channels:<name>';
const whoKinds: readonly IdKind[] = ['everyone', 'account', 'gitlab', 'gitlab-group', 'role'];
const channelKinds: readonly IdKind[] = ['everyone', 'account', 'channels'];

/** Which kinds a member of each kind may belong to. A role never leads back to people, nor one person to another. */
const mayJoin: Readonly<Partial<Record<IdKind, readonly IdKind[]>>> = {
  account: ['gitlab', 'role'],
  gitlab: ['gitlab-group', 'role'],
  'gitlab-group': ['gitlab-group', 'role'],
  role: ['role'],
};

type Report = (text: string, code: MistakeCode) => void;

const isOneOf = (id: string, kinds: readonly IdKind[]): boolean => {
  const kind = kindOfId(id);
  return kind !== undefined && kinds.includes(kind);
};

const readRule = (place: Place, fields: readonly string[], wrong: Report): Rule | undefined => {
  const { columns, annotations } = readAnnotations(fields, wrong);
  const [who = '', channel = '', command = '', condition = '', effect = ''] = columns;
  if (columns.length !== 5) {
    wrong(
      `a rule has 5 columns after "p" (who, channel, command, condition, effect), this has ${columns.length}; quote a condition that holds a comma`,
      'columns',
    );
    return undefined;
  }
  const whoFits = isOneOf(who, whoKinds);
  const channelFits = isOneOf(channel, channelKinds);
  if (!whoFits) wrong(`who is ${shown(who)}, it must be ${whoShapes}`, 'id');
  if (!channelFits) wrong(`the channel is ${shown(channel)}, it must be ${channelShapes}`, 'id');
  if (effect !== 'allow' && effect !== 'deny') {
    wrong(`the effect is ${shown(effect)}, it must be exactly allow or deny`, 'effect');
    return undefined;
  }
  return whoFits && channelFits
    ? { ...place, who, channel, command, condition, effect, ...annotations }
    : undefined;
};

/** The columns of a link; its ids are not looked at. */
const readLink = (place: Place, fields: readonly string[], wrong: Report): Link | undefined => {
  const { columns, annotations } = readAnnotations(fields, wrong);
  const [member, group] = columns;
  if (columns.length === 2 && member !== undefined && group !== undefined)
    return { ...place, member, group, ...annotations };
  wrong(`this row has 2 columns after its first (member, group), not ${columns.length}`, 'columns');
  return undefined;
};

const readPeople = (place: Place, fields: readonly string[], wrong: Report): Link | undefined => {
  const link = readLink(place, fields, wrong);
  if (link === undefined) return undefined;
  const { member, group } = link;
  const groups = mayJoin[kindOfId(member) ?? 'everyone'];
  if (groups === undefined) {
    wrong(`the member is ${shown(member)}, it must be ${whoShapes.slice(3)}`, 'id');
    return undefined;
  }
  if (isOneOf(group, groups)) return link;
  wrong(
    `${shown(member)} cannot belong to ${shown(group)}, only to ${groups.map((kind) => `${kind}:…`).join(' or ')}`,
    'id',
  );
  return undefined;
};

const readChannels = (place: Place, fields: readonly string[], wrong: Report): Link | undefined => {
  const link = readLink(place, fields, wrong);
  if (link === undefined) return undefined;
  const { member, group } = link;
  const memberFits = isOneOf(member, ['account', 'channels']);
  const groupFits = isOneOf(group, ['channels']);
  if (!memberFits)
    wrong(`the member is ${shown(member)}, it must be slack:<team>/<channel> or channels:<name>`, 'id');
  if (!groupFits) wrong(`the set is ${shown(group)}, it must be channels:<name>`, 'id');
  return memberFits && groupFits ? link : undefined;
};

const sort = (row: CsvRow, place: Place, into: Collected, wrong: Report): void => {
  const [section = '', ...fields] = row.fields;
  if (section === 'p') keep(into.rules, readRule(place, fields, wrong));
  else if (section === 'g') keep(into.people, readPeople(place, fields, wrong));
  else if (section === 'g2') keep(into.channels, readChannels(place, fields, wrong));
  else
    wrong(
      `the row begins with ${shown(section)}, it must be p, g or g2${didYouMean(section, ['p', 'g', 'g2'])}`,
      'csv',
    );
};

interface Collected {
  readonly rules: Rule[];
  readonly people: Link[];
  readonly channels: Link[];
}

const keep = <Kept>(list: Kept[], one: Kept | undefined): void => {
  if (one !== undefined) list.push(one);
};

/** Reads policy.csv. Rows with mistakes are left out, so the result counts only when none were added. */
export const readRows = (file: string, text: string, mistakes: MistakeList): PolicyRows => {
  const rows: Collected = { rules: [], people: [], channels: [] };
  const before = mistakes.all().length;
  const lines = readCsv(file, text, mistakes);
  // Lines that were not read may have been rules.
  const whole = mistakes.all().length === before;
  for (const row of lines) {
    const place = { file, line: row.line };
    sort(row, place, rows, (problem, code) => mistakes.add(file, row.line, problem, code));
  }
  if (whole && !lines.some(({ fields }) => fields[0] === 'p'))
    mistakes.add(file, 1, 'holds no rule; a policy without rules is refused', 'no-rules');
  return rows;
};

/** Memberships known from GitLab as links, checked like `g` rows. They stand in no file. */
export const readMemberships = (
  memberships: readonly (readonly [string, string])[],
  mistakes: MistakeList,
): readonly Link[] => {
  const links: Link[] = [];
  for (const [index, [member, group]] of memberships.entries()) {
    const place = { file: '(GitLab memberships)', line: index + 1 };
    keep(
      links,
      readPeople(place, [member, group], (problem, code) =>
        mistakes.add(place.file, place.line, problem, code),
      ),
    );
  }
  return links;
};
