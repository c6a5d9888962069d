/** Bundles the long campaign and runs it on what was built last: `npm run faults`, `SEED=… COMMANDS=… npm run faults`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');

if (existsSync(join(root, 'dist/main.js'))) {
  process.chdir(root);
  await build({
    entryPoints: [join(import.meta.dirname, 'long.ts')],
    // Two folders below the root, like the sources: their paths relative to themselves stay right.
    outfile: join(root, '.cache/faults/long.mjs'),
    bundle: true,
    platform: 'node',
    packages: 'external',
    format: 'esm',
    logLevel: 'warning',
  });
  await import(pathToFileURL(join(root, '.cache/faults/long.mjs')).href);
} else {
  process.stderr.write('There is no dist: run npm run build first.\n');
  process.exitCode = 2;
}
