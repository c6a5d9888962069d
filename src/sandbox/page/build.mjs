import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write('Building the sandbox page: say where to, e.g. node build.mjs dist/sandbox/page\n');
  process.exit(2);
}
await mkdir(folder, { recursive: true });
await build({
  entryPoints: { main: join(here, 'main.tsx'), style: join(here, 'css/style.css') },
  outdir: folder,
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome123', 'firefox121', 'safari17.5'],
  tsconfig: join(here, 'tsconfig.json'),
  legalComments: 'none',
  logLevel: 'warning',
});
for (const file of ['index.html', 'icon.svg']) await copyFile(join(here, file), join(folder, file));
