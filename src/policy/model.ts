import { didYouMean, shown } from './hints.ts';
import type { MistakeList } from './mistakes.ts';

/**
 * The one model the gateway decides with. The index over the rules is sound only for this matcher, and Casbin recognises
 * a deny only in a column that is called `eft`: a model that says anything else is refused, not obeyed.
 */
const sections: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  request_definition: { r: 'caller, channel, command, input' },
  policy_definition: { p: 'who, channel, command, condition, eft' },
  role_definition: { g: '_, _', g2: '_, _' },
  policy_effect: { e: 'some(where (p.eft == allow)) && !some(where (p.eft == deny))' },
  matchers: {
    m: '(p.who == "*" || g(r.caller, p.who)) && (p.channel == "*" || g2(r.channel, p.channel)) && commandMatch(r.command, p.command) && holds(r.input, p.condition, p.eft)',
  },
};

interface Reading {
  readonly file: string;
  readonly mistakes: MistakeList;
  readonly seen: Set<string>;
  section: string | undefined;
}

const readSection = (reading: Reading, line: number, name: string): void => {
  const known = Object.hasOwn(sections, name) && !reading.seen.has(name);
  reading.section = known ? name : undefined;
  reading.seen.add(name);
  if (known) return;
  const hint = didYouMean(name, Object.keys(sections));
  reading.mistakes.add(reading.file, line, `section ${shown(name)} is unknown or stands there twice${hint}`);
};

const readDefinition = (reading: Reading, line: number, key: string, value: string): void => {
  if (reading.section === undefined) return;
  const id = `${reading.section}.${key}`;
  const wanted = sections[reading.section]?.[key];
  if (wanted === undefined || reading.seen.has(id))
    reading.mistakes.add(
      reading.file,
      line,
      `${shown(key)} in [${reading.section}] is unknown or stands there twice`,
    );
  else if (value.trim() !== wanted) reading.mistakes.add(reading.file, line, `${key} must be: ${wanted}`);
  reading.seen.add(id);
};

const readLine = (reading: Reading, line: number, text: string): void => {
  const section = /^\[(.*)\]$/.exec(text)?.[1];
  const equals = text.indexOf('=');
  if (section !== undefined) readSection(reading, line, section);
  else if (equals > 0) readDefinition(reading, line, text.slice(0, equals).trim(), text.slice(equals + 1));
  else reading.mistakes.add(reading.file, line, `${shown(text)} is neither a section nor a definition`);
};

/** The one model as text, for a policy folder that does not spell it out. */
export const standardModel = Object.entries(sections)
  .map(([section, definitions]) => {
    const lines = Object.entries(definitions).map(([key, value]) => `${key} = ${value}`);
    return [`[${section}]`, ...lines, ''].join('\n');
  })
  .join('\n');

/** Reports everything in which model.conf differs from the one model; empty lines and comment lines are free. */
export const checkModel = (file: string, text: string, mistakes: MistakeList): void => {
  const reading: Reading = { file, mistakes, seen: new Set(), section: undefined };
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    if (content !== '' && !content.startsWith('#')) readLine(reading, index + 1, content);
  }
  for (const [section, definitions] of Object.entries(sections))
    for (const [key, wanted] of Object.entries(definitions))
      if (!reading.seen.has(`${section}.${key}`))
        mistakes.add(file, 1, `[${section}] ${key} is missing; it must be: ${wanted}`);
};
