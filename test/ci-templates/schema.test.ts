import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import t from 'tap';
import { parseAllDocuments } from 'yaml';

const root = join(import.meta.dirname, '../..');

/** GitLab's own schema of `.gitlab-ci.yml` (Apache-2.0): app/assets/javascripts/editor/schema/ci.json */
const schema: object = JSON.parse(readFileSync(join(root, 'test/fixtures/gitlab/ci.schema.json'), 'utf8'));
const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);

/** GitLab's `!reference` names a place; for the schema it stands for a list of commands. */
const reference = { tag: '!reference', collection: 'seq' as const, resolve: () => 'echo reference' };

/** The header and the jobs of a CI file, as the schema takes them: one object. */
const readCiFile = (text: string): object =>
  Object.assign(
    {},
    ...parseAllDocuments(text, { customTags: [reference] }).map((document) => document.toJS()),
  );

const ciFiles = (folder: string, ending: RegExp): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => join(folder, file));

t.test('the schema refuses what GitLab would', async (t) => {
  t.notOk(validate({ job: { script: ['true'], nonsense: 1 } }));
  t.notOk(validate(readCiFile('stages: build\njob: { scripts: [x] }')));
});

for (const file of [
  ...ciFiles('ci-templates', /\.yml$/),
  ...ciFiles('src/sandbox/projects', /\.gitlab-ci\.yml$/),
]) {
  t.test(`${file} is a valid CI file`, async (t) => {
    const read = readCiFile(readFileSync(join(root, file), 'utf8'));
    t.ok(validate(read), JSON.stringify(validate.errors, null, 1));
  });
}

t.test('no template puts an input into a script', async (t) => {
  for (const file of ciFiles('ci-templates', /\.yml$/)) {
    const text = readFileSync(join(root, file), 'utf8').replace(/^\s*#.*$/gm, '');
    const scripts = [
      ...text.matchAll(/^\s+(?:before_|after_)?script:\n((?:\s+[-|#].*\n|\s{6,}.*\n)+)/gm),
    ].map((match) => match[1]);
    t.notMatch(scripts.join('\n'), /\$\[\[/, file);
  }
});
