import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import t from 'tap';
import { type ReadConfig, readConfig } from '../src/config.ts';
import { errorCodes } from '../src/core/errors.ts';
import { compilePolicy } from '../src/policy/compile.ts';
import { policyFilesOf } from '../src/policy/files.ts';
import { createMemoryQueue } from '../src/queue/memory.ts';
import { createMemoryStore } from '../src/store/memory.ts';
import { reserved, wireBuiltIns } from '../src/wiring/built-ins.ts';
import { uses } from '../src/wiring/effects.ts';

const root = resolve(import.meta.dirname, '..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const readmes = ['README.md', 'README.zh-CN.md'] as const;

const notOurs = ['node_modules', 'dist', '.git', '.tap', '.cache', 'tmp', 'fixtures'];

const pagesBelow = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return notOurs.includes(entry.name) ? [] : pagesBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });

const fences = (text: string, language: string): readonly string[] =>
  [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, found, inside = '']) =>
    found === language ? [inside] : [],
  );

const withoutFences = (text: string): string => text.replace(/^```.*?^```$/gms, '');

/** The first cells of a table's rows, by the first cell of its head. */
const firstCells = (text: string, ...heads: readonly string[]): readonly string[] => {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => heads.some((head) => line.startsWith(`| ${head} |`)));
  const rows = lines.slice(at + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return at === -1 ? [] : rows.slice(0, end).map((line) => line.split(/(?<!\\)\|/)[1]?.trim() ?? '');
};

/** Every name that the configuration asks the environment for. */
const namesRead = (): readonly string[] => {
  const names = new Set<string>();
  const env = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get: (_target, name) => {
        names.add(String(name));
        return undefined;
      },
    },
  );
  readConfig(env, () => '');
  return [...names].toSorted();
};

t.test('every environment variable that is read stands in the table, and no other', async (t) => {
  for (const file of readmes) {
    const documented = firstCells(textOf(file), 'variable', '变量').flatMap((cell) => {
      const name = /^`([A-Z_]+)`/.exec(cell)?.[1] ?? cell;
      return cell.includes('†') ? [name, `${name}_FILE`] : [name];
    });
    t.same([...documented].sort(), namesRead(), file);
  }
});

t.test('the defaults in the table are those of the code', async (t) => {
  const read: ReadConfig = readConfig({ GITLAB_TOKEN: 'x', ALLOW_MEMORY_STORE: '1' }, () => '');
  if (!read.ok) throw new Error(read.problems.join('; '));
  const { http, logLevel, gitlab, policies } = read.config;
  const defaults = { PORT: http.port, HOST: http.host, LOG_LEVEL: logLevel, GITLAB_URL: gitlab.url };
  for (const file of readmes) {
    for (const [name, value] of Object.entries({ ...defaults, POLICIES: policies }))
      t.ok(textOf(file).includes(`| \`${name}\` | \`${value}\` |`), `${file}: ${name} is ${value}`);
  }
});

const builtInNames = (): readonly string[] => {
  const now = () => 0;
  const { builtIns } = wireBuiltIns({
    now,
    tick: now,
    store: createMemoryStore({ now }),
    queue: createMemoryQueue({ problem: () => undefined }),
    audit: async () => undefined,
    note: async () => undefined,
    policy: () => {
      throw new Error('naming the built-in commands: nobody asks the policy');
    },
  });
  return [...builtIns.keys()].toSorted();
};

t.test('every built-in command is named, and no other', async (t) => {
  for (const file of readmes) {
    const typed = firstCells(textOf(file), 'typed', '输入').map((cell) => cell.replace(/^`|`$/g, ''));
    const names = typed.map((line) => line.replace(/ [[<].*$/, ''));
    t.same([...names].sort(), builtInNames(), file);
  }
});

/** Where a page leads: links, images and sources, without those that are only examples. */
const targetsOf = (text: string): readonly string[] =>
  [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)].map(
    ([, link, attribute]) => link ?? attribute ?? '',
  );

/** A heading's name in an address, as GitLab and GitHub make it. */
const anchorsOf = (text: string): readonly string[] =>
  [...withoutFences(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const isBroken = (page: string, target: string): boolean => {
  if (/^(https?|mailto):/.test(target)) return false;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : relative(root, join(root, dirname(page), path));
  if (!existsSync(join(root, file))) return true;
  return anchor !== undefined && !anchorsOf(textOf(file)).includes(anchor);
};

t.test('every relative link, image and anchor of every page leads somewhere', async (t) => {
  const pages = pagesBelow('.');
  t.ok(pages.includes('README.md') && pages.includes(join('docs', 'operating.md')), 'the pages are found');
  for (const page of pages) {
    t.same(
      targetsOf(textOf(page)).filter((target) => isBroken(page, target)),
      [],
      page,
    );
  }
});

t.test('the pictures are there and not heavy', async (t) => {
  for (const picture of ['sandbox-light.png', 'sandbox-dark.png']) {
    const { size } = statSync(join(root, 'docs/images', picture));
    t.ok(size > 10_000 && size < 300_000, `${picture} has ${size} bytes`);
  }
});

t.test('a newcomer meets exactly two commands first', async (t) => {
  for (const file of readmes) {
    const begin = textOf(file).split(/^## /m)[1] ?? '';
    t.same(fences(begin, 'sh'), ['npm ci && npm start\n', 'npm ci && npm test\n'], file);
  }
});

t.test('the changelog knows this version', async (t) => {
  const { version } = JSON.parse(textOf('package.json'));
  t.ok(textOf('CHANGELOG.md').includes(`\n## [${version}]`), version);
});

t.test('no code is explained that does not exist', async (t) => {
  const named = firstCells(textOf('docs/operating.md'), 'code').map((cell) => cell.replaceAll('`', ''));
  t.ok(named.length > 5, 'the table is found');
  t.same(
    named.filter((code) => !Object.hasOwn(errorCodes, code)),
    [],
  );
});

const compile = (files: Readonly<Record<string, string>>) => {
  const bytes = Object.entries(files).map(([name, text]) => [name, Buffer.from(text)] as const);
  const read = policyFilesOf(new Map(bytes));
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  return compilePolicy({
    files: read.files,
    memberships: [['gitlab:ana', 'gitlab-group:ops/sre']],
    reserved,
    uses,
    now: Date.now,
  });
};

t.test('the command and the rules of the first page work, and refuse what it says', async (t) => {
  for (const file of readmes) {
    const [command = ''] = fences(textOf(file), 'yaml');
    const [rules = ''] = fences(textOf(file), 'csv');
    const compiled = compile({
      'model.conf': textOf('policies/model.conf'),
      'policy.csv': rules,
      'commands/lb-weight.yml': command,
    });
    if (!compiled.ok) throw new Error(`${file}: ${JSON.stringify(compiled.mistakes)}`);
    const asked = { command: 'lb weight', input: { backend: 'web', weight: 60, env: 'staging' } };
    const [ana, bo] = ['slack:T024BE7LD/U0ANA', 'slack:T024BE7LD/U0BO'];
    const [ops, dev] = ['slack:T024BE7LD/C0OPSPROD', 'slack:T024BE7LD/C0SHOPDEV'];
    t.equal(compiled.policy.decide({ ...asked, caller: ana, channel: ops }).allowed, true, file);
    const refused = compiled.policy.decide({ ...asked, caller: bo, channel: dev });
    t.equal(refused.allowed, false, file);
    const needs = refused.allowed ? [] : refused.near.map(({ missing }) => missing.map(({ need }) => need));
    t.same(needs.slice(0, 2), [['weight <= 25'], ['role sre', `${ops} via channels:ops`]], file);
  }
});

t.test('the commands and the rules of the commands page work', async (t) => {
  const text = textOf('docs/commands-and-policy.md');
  const [moved = '', http = ''] = fences(text, 'yaml').filter((block) => block.startsWith('name:'));
  const compiled = compile({
    'model.conf': textOf('policies/model.conf'),
    'policy.csv': fences(text, 'csv').join('\n'),
    'commands/http.yml': http,
    'commands/moved.yml': moved,
    'commands/lb-weight.yml': textOf('policies/commands/lb-weight.yml'),
    'commands/release.yml': textOf('policies/commands/release.yml'),
  });
  t.same(compiled.ok ? [] : compiled.mistakes, []);
});
