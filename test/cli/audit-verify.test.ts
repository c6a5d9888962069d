import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { audit } from '../../src/cli/audit.ts';
import { keys, writeLog } from '../listeners/audit/a-log.ts';

const run = async (...args: readonly string[]) => {
  let printed = '';
  let complained = '';
  const code = await audit(args, {
    print: (text) => {
      printed += text;
    },
    complain: (text) => {
      complained += text;
    },
    now: () => 0,
  });
  return { code, printed, complained };
};

const prepare = async (dir: string) => {
  const at = (name: string): string => join(dir, name);
  const { signingKey, publicKey } = keys();
  await writeLog(at('audit.jsonl'), signingKey, 3);
  writeFileSync(at('key.pem'), signingKey);
  writeFileSync(at('public.pem'), publicKey);
  writeFileSync(at('other.pem'), keys().publicKey);
  writeFileSync(at('none.pem'), 'hello');
  const text = readFileSync(at('audit.jsonl'), 'utf8');
  writeFileSync(at('changed.jsonl'), text.replace('ops/ansible', 'ops/other'));
  writeFileSync(at('unsigned.jsonl'), text);
  writeFileSync(at('empty.jsonl'), '');
  return at;
};

t.test('what is asked wrongly', async (t) => {
  const at = await prepare(t.testdir());
  const path = at('audit.jsonl');
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['nothing', [], /verify or search.*Usage/s],
    ['something unknown', ['prove'], /verify or search/],
    ['no file', ['verify'], /^Name the audit file/],
    ['an unknown option', ['verify', path, '--keys', 'x'], /--keys/],
    ['a file that is not there', ['verify', at('nowhere')], /ENOENT/],
    ['a folder', ['verify', join(path, '..')], /EISDIR/],
    ['a key that is not there', ['verify', path, '--key', at('nowhere')], /cannot be read/],
    ['a key that is none', ['verify', path, '--key', at('none.pem')], /not a P-256 key/],
    ['checkpoints that are not there', ['verify', path, '--checkpoints', at('nowhere')], /ENOENT/],
    ['checkpoints of two files', ['verify', path, path, '--checkpoints', 'x'], /belongs to one file/],
  ];
  for (const [name, args, complained] of cases) {
    const answer = await run(...args);
    t.equal(answer.code, 2, name);
    t.match(answer.complained, complained, name);
  }
});

t.test('what is broken', async (t) => {
  const at = await prepare(t.testdir());
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['a changed line', [at('changed.jsonl')], /BROKEN at line 3: the line was changed: line 4 still holds/],
    [
      'a broken file beside a whole one',
      [at('audit.jsonl'), at('changed.jsonl')],
      /whole, 18 lines.*BROKEN at line 3/s,
    ],
    [
      'another key',
      [at('audit.jsonl'), '--key', at('other.pem')],
      /BROKEN at line 1 of its checkpoints: .*not signed/,
    ],
    [
      'a key and no checkpoints',
      [at('unsigned.jsonl'), '--key', at('public.pem')],
      /no checkpoint, so the key proves/,
    ],
    [
      'checkpoints of a file that is empty now',
      [at('empty.jsonl'), '--checkpoints', at('audit.jsonl.checkpoints')],
      /line 18 was signed/,
    ],
  ];
  for (const [name, args, printed] of cases) {
    const answer = await run('verify', ...args);
    t.equal(answer.code, 1, name);
    t.match(answer.printed, printed, name);
  }
});

t.test('what is whole', async (t) => {
  const at = await prepare(t.testdir());
  const path = at('audit.jsonl');
  const range = '18 lines from 2026-11-21T00:00:00.000Z to 2026-11-21T00:';
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      'with the public key',
      [path, '--key', at('public.pem')],
      /One checkpoint confirms it up to line 18, signed by the key\./,
    ],
    ['with the private key', [path, '--key', at('key.pem')], /signed by the key\./],
    [
      'with a key of today and one of before',
      [path, '--key', at('other.pem'), '--key', at('public.pem')],
      /signed by the key/,
    ],
    ['without a key', [path], /without --key no signature was checked/],
    ['without checkpoints', [at('unsigned.jsonl')], /No checkpoints: a cut-off end/],
    ['empty', [at('empty.jsonl')], /whole, no lines/],
  ];
  for (const [name, args, printed] of cases) {
    const answer = await run('verify', ...args);
    t.equal(answer.code, 0, name);
    t.match(answer.printed, printed, name);
  }
  const { printed } = await run('verify', path);
  t.ok(printed.includes(`${path}: whole, ${range}`), printed);
  renameSync(`${path}.checkpoints`, at('kept-elsewhere'));
  t.match(await run('verify', path, '--checkpoints', at('kept-elsewhere')), {
    code: 0,
    printed: /One checkpoint/,
  });
  rmSync(path);
});

t.test('help is no mistake', async (t) => {
  t.match(await run('--help'), { code: 0, printed: /Usage: chatops audit verify/ });
});
