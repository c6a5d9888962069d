import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { keys, writeLog } from '../listeners/audit/a-log.ts';
import { lineOf } from './audit-entries.ts';

const program = join(import.meta.dirname, '../../dist/cli/main.js');

const run = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

t.test('the exit code says whether a file is whole', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const { signingKey, publicKey } = keys();
  await writeLog(path, signingKey, 2);
  writeFileSync(`${path}.pem`, publicKey);
  t.match(run('audit', 'verify', path, '--key', `${path}.pem`), { status: 0, stdout: /whole, 12 lines/ });
  t.match(run('audit', 'search', path, '--kind', 'pipeline'), { status: 0, stdout: /ops\/ansible #17/ });
  writeFileSync(path, 'hello\n', { flag: 'a' });
  t.match(run('audit', 'verify', path), { status: 1, stdout: /BROKEN at line 13/ });
  t.match(run('audit', 'verify'), { status: 2, stderr: /Usage/ });
  t.match(run('help'), { status: 0, stdout: /^ {2}audit /m });
});

t.test('whoever has read enough may leave', async (t) => {
  const many = Array.from({ length: 20_000 }, (_, at) =>
    lineOf(at + 1, at, { kind: 'restored', run: `r${at}` }),
  );
  const path = join(t.testdir({ 'audit.jsonl': many.join('\n') }), 'audit.jsonl');
  const piped = spawnSync(
    'bash',
    [
      '-c',
      `"$1" "$2" audit search "$3" | head -n 1; echo "\${PIPESTATUS[0]}"`,
      'bash',
      process.execPath,
      program,
      path,
    ],
    { encoding: 'utf8' },
  );
  t.equal(piped.stderr, '');
  t.match(piped.stdout, /^1970-01-01 00:00:00Z {2}restored {2}run r0: .*\n0\n$/);
});
