import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../ci-templates');

/** The files of the folder as `ops/chatops` holds them. */
export function templateFiles(): Readonly<Record<string, string>> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yml'));
  return Object.fromEntries(
    names.map((name) => [`ci-templates/${name}`, readFileSync(join(folder, name), 'utf8')]),
  );
}

/**
 * The target's `.gitlab-ci.yml` as a template's own head comment shows it: the lines indented by three blanks
 * after the one that announces it. Throws when there is none.
 */
export function exampleOf(name: string): string {
  const text = readFileSync(join(folder, name), 'utf8');
  const [, after = ''] = text.split(/^# The target project's \.gitlab-ci\.yml.*:\n#\n/m);
  const lines: string[] = [];
  for (const line of after.split('\n')) {
    if (!line.startsWith('#   ')) break;
    lines.push(line.slice('#   '.length));
  }
  if (lines.length === 0) throw new Error(`ci-templates/${name} shows no .gitlab-ci.yml in its head comment`);
  return `${lines.join('\n')}\n`;
}

/** The `.gitlab-ci.yml` for free text that the folder's README shows. */
export function freeTextExample(): string {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  const [, example] = /^```yaml\n(.*?)^```$/ms.exec(text) ?? [];
  if (example === undefined) throw new Error('ci-templates/README.md shows no .gitlab-ci.yml');
  return example;
}
