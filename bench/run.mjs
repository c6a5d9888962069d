/** Bundles one measurement and runs it on what was built last: `npm run build`, then `node bench/run.mjs <name>`. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));
const [name] = process.argv.slice(2);

const bundle = () =>
  build({
    entryPoints: names.map((each) => join(import.meta.dirname, `${each}.ts`)),
    // Two folders below the root, like the sources: their paths relative to themselves stay right.
    outdir: join(root, '.cache/bench'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    packages: 'external',
    format: 'esm',
    logLevel: 'warning',
  });

if (name === undefined || !names.includes(name)) {
  process.stderr.write(`node bench/run.mjs <one of: ${names.join(', ')}>\n`);
  process.exitCode = 2;
} else if (!existsSync(join(root, 'dist/cli/main.js'))) {
  process.stderr.write('There is no dist: run npm run build first.\n');
  process.exitCode = 2;
} else {
  process.chdir(root);
  await bundle();
  await import(pathToFileURL(join(root, '.cache/bench', `${name}.mjs`)).href);
}
