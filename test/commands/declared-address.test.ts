import t from 'tap';
import { staysDeclared } from '../../src/commands/declared-address.ts';

t.test('another scheme, host, port or user is another address', async (t) => {
  const declared = 'https://cache.example/v1/{name}?a={name}';
  const others = [
    'http://cache.example/v1/x?a=x',
    'https://evil.example/v1/x?a=x',
    'https://cache.example:8443/v1/x?a=x',
    'https://ana@cache.example/v1/x?a=x',
    'https://:secret@cache.example/v1/x?a=x',
    '//cache.example/v1/x',
    'nonsense',
  ];
  for (const other of others) t.notOk(staysDeclared(declared, other), other);
  t.notOk(staysDeclared('https://{name}/v1', 'https://evil.example/v1'), 'a host that is not written out');
  t.ok(staysDeclared(declared, 'https://cache.example/v1/x?a=x'));
  t.ok(staysDeclared('https://cache.example?a={name}', 'https://cache.example?a=..'), 'no path at all');
  t.ok(staysDeclared('https://cache.example/v1/', 'https://cache.example/v1/'), 'a slash at the end');
});

t.test('what a URL parser changes by itself is another address', async (t) => {
  const declared = 'https://cache.example/v1/{name}/entries';
  for (const name of ['a\\b', 'a\tb', 'a\nb', '%2e.', '.'])
    t.notOk(staysDeclared(declared, `https://cache.example/v1/${name}/entries`), JSON.stringify(name));
  for (const name of ['a b', 'ä', '%zz', '%C3%A4'])
    t.ok(staysDeclared(declared, `https://cache.example/v1/${name}/entries`), name);
});
