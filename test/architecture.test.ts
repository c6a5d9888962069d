import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, resolve } from 'node:path';
import t from 'tap';
import { errorCodes } from '../src/core/errors.ts';

const root = resolve(import.meta.dirname, '..');

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What a file imports: modules of ours as paths from the root, others by package name. */
const importsOf = (file: string, text: string): readonly string[] =>
  [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)[^'";]*?from\s*'([^']+)'|import\('([^']+)'\)|(?:^|\n)import\s*'([^']+)'/g,
    ),
  ].map((match) => {
    const target = match[1] ?? match[2] ?? match[3] ?? '';
    if (target.startsWith('.')) return normalize(join(dirname(file), target));
    return target
      .split('/')
      .slice(0, target.startsWith('@') ? 2 : 1)
      .join('/');
  });

/** The room a file of ours stands in: its folder below src, or its own name at the top. */
const roomOf = (file: string): string => {
  const parts = file.split('/').slice(1);
  if (parts[0] === 'chat') return parts.slice(0, 2).join('/');
  return parts.length === 1 ? (parts[0] ?? '') : (parts[0] ?? '');
};

/** Which rooms a room may import from, beside itself. `types:` allows only `import type`. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  'accept.ts': ['core'],
  'gateway.ts': ['core', 'accept.ts'],
  'restore.ts': ['core'],
  'work.ts': ['core'],
  'config.ts': ['core', 'config-policies.ts'],
  'config-policies.ts': ['core'],
  commands: ['core'],
  listeners: ['core'],
  modes: ['core', 'types:gitlab'],
  'chat/slack': ['core'],
  policy: ['core'],
  identity: ['core'],
  gitlab: ['core'],
  store: ['core'],
  queue: ['core', 'gateway.ts'],
  http: ['core', 'gateway.ts'],
  sandbox: [],
};
const everything: readonly string[] = ['main.ts', 'wiring', 'cli'];

/** Each library has one home. The sandbox is a world of its own with its own homes. */
const homes: Readonly<Record<string, readonly string[]>> = {
  fastify: ['http', 'sandbox'],
  '@fastify': ['http', 'sandbox'],
  '@gitbeaker/rest': ['gitlab'],
  undici: ['gitlab', 'sandbox'],
  '@slack/web-api': ['chat/slack'],
  jsonwebtoken: ['identity'],
  casbin: ['policy'],
  yaml: ['policy', 'sandbox'],
  re2js: ['policy'],
  ioredis: ['store'],
  bullmq: ['queue'],
  'prom-client': ['listeners'],
  preact: ['sandbox'],
};

const src = filesBelow('src');

/** The mistakes of one file's imports. */
const forbidden = (file: string, text: string): readonly string[] => {
  const room = roomOf(file);
  if (everything.includes(room)) return [];
  return importsOf(file, text).flatMap((target) => {
    if (target.startsWith('src/')) {
      const other = roomOf(target);
      const rooms = allowed[room];
      if (rooms === undefined) return [`${file}: src/${room} is not in the table`];
      const typed = rooms.includes(`types:${other}`) && importedAsType(text, target);
      return other === room || rooms.includes(other) || typed ? [] : [`${file} imports ${target}`];
    }
    if (target.startsWith('node:')) return [];
    const home = homes[target] ?? [];
    return home.includes(room)
      ? []
      : [`${file} imports ${target}, whose home is ${home.join(', ') || 'nowhere'}`];
  });
};

const importedAsType = (text: string, target: string): boolean => {
  const name = target.split('/').pop() ?? '';
  return text
    .split('\n')
    .every((line) => !line.includes(`/${name}'`) || line.trimStart().startsWith('import type'));
};

t.test('a forbidden import is seen', async (t) => {
  t.same(forbidden('src/core/x.ts', "import { createSlack } from '../chat/slack/app.ts';"), [
    'src/core/x.ts imports src/chat/slack/app.ts',
  ]);
  t.match(forbidden('src/store/x.ts', "import Fastify from 'fastify';"), [/whose home is http/]);
  t.same(forbidden('src/modes/x.ts', "import { start } from '../gitlab/starting.ts';"), [
    'src/modes/x.ts imports src/gitlab/starting.ts',
  ]);
  t.same(forbidden('src/modes/x.ts', "import type { Start } from '../gitlab/starting.ts';"), []);
});

t.test('every file imports only what its room may', async (t) => {
  t.ok(src.length > 50);
  t.same(
    src.flatMap((file) => forbidden(file, textOf(file))),
    [],
  );
});

t.test('core knows no clock, no chance, no environment and no I/O', async (t) => {
  const hidden =
    /\bDate\.now\b|new Date\(\)|Math\.random|process\.|performance\.|setTimeout|setInterval|\bfetch\(|from 'node:/;
  t.ok(hidden.test('const now = Date.now();'));
  t.same(
    src.filter((file) => file.startsWith('src/core/') && hidden.test(textOf(file))),
    [],
  );
});

t.test('only config and the main files read the environment', async (t) => {
  const mains = /^src\/(main\.ts|cli\/|sandbox\/main\.ts)/;
  t.same(
    src.filter((file) => /process\.env/.test(textOf(file)) && !mains.test(file)),
    [],
  );
});

t.test('no file has more than 300 lines', async (t) => {
  const long = [...src, ...filesBelow('test')].filter((file) => textOf(file).split('\n').length > 301);
  t.same(long, []);
});

t.test('the gateway does not know that it may be talking to a sandbox', async (t) => {
  const gateway = src.filter((file) => !file.startsWith('src/sandbox/') && !file.startsWith('src/cli/'));
  t.same(
    gateway.filter((file) => /from '[^']*sandbox|\bif \([^)]*sandbox/i.test(textOf(file))),
    [],
  );
});

t.test('no type hole', async (t) => {
  const hole = /\bas any\b|: any\b|@ts-ignore|@ts-expect-error|@ts-nocheck/;
  const code = (file: string): string => textOf(file).replace(/^\s*(?:\/?\*\*?|\/\/(?! @ts)).*$/gm, '');
  t.ok(hole.test('const x: any = 1;'));
  t.same(
    src.filter((file) => hole.test(code(file))),
    [],
  );
});

t.test('the error table of ARCHITECTURE.md and the code agree', async (t) => {
  const rows = [
    ...textOf('ARCHITECTURE.md').matchAll(/^\| `([a-z-]+(?:\.[a-z-]+)?)` \| (\d{3}) \| (.+?) \|$/gm),
  ];
  const documented = Object.fromEntries(
    rows.map(([, code, status, meaning]) => [code, { status: Number(status), meaning }]),
  );
  t.same(documented, errorCodes);
});

t.test('every chat app has its contract run and its golden replies', async (t) => {
  const apps = readdirSync(join(root, 'src/chat')).filter((name) => !name.endsWith('.md'));
  t.ok(apps.length > 0);
  for (const app of apps) {
    t.ok(readdirSync(join(root, 'test/fixtures', app, 'replies')).length >= 10, `${app} has golden replies`);
    t.ok(
      readdirSync(join(root, 'test/chat', app)).some((file) => file.endsWith('.test.ts')),
      `${app} has tests`,
    );
  }
});
