import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
const read = JSON.parse(text) as { name: string; version: string };

/** What this build is. */
export const version = { name: read.name, version: read.version };
