import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { given, projectOf, worldOf } from './world.ts';

/** What `expected.yml` of a case says; everything is optional but `pipeline` or `refused`. */
interface Expected {
  readonly inputs?: Record<string, unknown>;
  readonly variables?: Record<string, string>;
  readonly refused?: readonly string[];
  readonly pipeline?: Record<string, unknown>;
  readonly jobs?: Record<string, string>;
  readonly logs?: Record<string, readonly string[]>;
  readonly absent?: Record<string, readonly string[]>;
}

const CASES = join(import.meta.dirname, 'cases');

function filesOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

for (const name of readdirSync(CASES)) {
  t.test(name.replaceAll('-', ' '), async (t) => {
    const { 'expected.yml': text = '', ...files } = filesOf(join(CASES, name));
    const expected: Expected = parse(text);
    const world = worldOf(t, [projectOf('ops/case', files)]);
    const order = { inputs: expected.inputs ?? {}, variables: given(expected.variables ?? {}) };
    if (expected.refused !== undefined) {
      t.same(world.refusal(order), expected.refused);
      t.same(world.ci.pipelines(1), [], 'nothing is stored');
      return;
    }
    const { id } = world.start(order);
    await world.reaches(id, 'success', 'failed', 'canceled', 'skipped', 'manual');
    const pipeline = world.pipeline(id);
    t.match(pipeline, expected.pipeline ?? {});
    const newest = pipeline.jobs.filter((job) => !job.retried);
    t.same(Object.fromEntries(newest.map((job) => [job.name, job.status])), expected.jobs);
    for (const [job, lines] of Object.entries(expected.logs ?? {})) {
      for (const line of lines) t.ok(world.job(id, job).log.includes(line), `${job} prints ${line}`);
    }
    for (const [job, lines] of Object.entries(expected.absent ?? {})) {
      for (const line of lines)
        t.notOk(world.job(id, job).log.includes(line), `${job} does not print ${line}`);
    }
  });
}
