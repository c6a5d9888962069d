import fc from 'fast-check';
import t from 'tap';
import { fillCall, type HttpRequest, httpEffect } from '../../src/commands/http-call.ts';
import type { HttpCall } from '../../src/core/command.ts';
import { run } from '../support/runs.ts';

const call: HttpCall = {
  method: 'POST',
  url: 'https://flags.example/api/{backend}?w={weight}',
  headers: { 'x-asked-by': '{env}' },
  body: { weight: '{weight}', note: 'to {backend}', list: ['{env}'], keep: 1 },
};

t.test('values fill a declared call as data', async (t) => {
  const hostile = { backend: 'a/../b?x=1#y', weight: 10, env: 'x\r\nEvil: 1' };
  const request = fillCall(call, hostile);
  t.equal(request.url, 'https://flags.example/api/a%2F..%2Fb%3Fx%3D1%23y?w=10');
  t.notMatch(request.headers['x-asked-by'], /[\r\n]/);
  t.same(JSON.parse(request.body ?? ''), {
    weight: 10,
    note: 'to a/../b?x=1#y',
    list: ['x\r\nEvil: 1'],
    keep: 1,
  });
});

t.test('the answer becomes the reply', async (t) => {
  const answer = (status: number, body: string) => async () => ({ status, body });
  const to = (reply: string | undefined, send: ReturnType<typeof answer>) =>
    httpEffect(call, reply, send).do(run());
  t.match(await to(undefined, answer(200, 'fine')), { state: 'succeeded', outcome: { text: 'fine' } });
  t.match(await to('{backend}: {status} {body.a.b}{body.nothing}', answer(200, '{"a":{"b":7}}')), {
    outcome: { text: 'web: 200 7' },
  });
  t.match(await to(undefined, answer(500, 'oops')), {
    state: 'uncertain',
    outcome: { because: /flags.example answered 500/ },
  });
  t.match(await to(undefined, answer(404, 'none')), { state: 'failed' });
});

const clear: HttpCall = {
  method: 'DELETE',
  url: 'https://cache.example/v1/caches/{name}/entries?why={why}',
  headers: {},
  body: undefined,
};

/** What is sent, and how it ends, with this call and these values. */
const sent = async (given: HttpCall, input: Readonly<Record<string, string | number>>) => {
  const requests: HttpRequest[] = [];
  const send = async (request: HttpRequest) => {
    requests.push(request);
    return { status: 200, body: 'done' };
  };
  const ended = await httpEffect(given, undefined, send).do(run({ input }));
  return { urls: requests.map(({ url }) => url), ended };
};

t.test('a value that would lead to another address is refused, and nothing is sent', async (t) => {
  const at = (path: string): HttpCall => ({ ...clear, url: `https://cache.example${path}` });
  const table: readonly (readonly [string, HttpCall, string])[] = [
    ['the folder above', clear, '..'],
    ['the same folder', clear, '.'],
    ['nothing at all', clear, ''],
    ['the folder above, escaped', clear, '%2e%2E'],
    ['the folder above, half escaped', clear, '.%2e'],
    ['the folder above, escaped twice', clear, '%252e.'],
    ['a way up for a server that reads escaped slashes', clear, '../../admin'],
    ['a way up with the other slash', clear, 'a\\..\\..\\b'],
    ['the folder above at the end', at('/v1/{name}'), '..'],
    ['the same folder at the end', at('/v1/{name}'), '.'],
    ['nothing at the end', at('/v1/{name}'), ''],
    ['the top', at('/{name}'), '..'],
    ['half of the folder above', at('/v1/.{name}/entries'), '.'],
    ['nothing, twice', at('/v1/{name}{why}/entries'), ''],
  ];
  for (const [name, given, value] of table) {
    const { urls, ended } = await sent(given, { name: value, why: '' });
    t.same(urls, [], `${name}: nothing is sent`);
    t.match(ended, { state: 'failed', outcome: { because: /Nothing was done\.$/ } }, name);
    t.match(
      ended.outcome,
      { because: /^DELETE https:\/\/cache\.example\/.*\{name\}/ },
      `${name}: says which call`,
    );
  }
});

t.test('dots inside a value, and any value behind the question mark, are data', async (t) => {
  const inPath = ['...', '..a', 'v1..2', '.hidden', 'a/b', 'ü', 'a b', '%2f', "it's (x)!*", 1.5];
  for (const name of inPath) {
    const { urls, ended } = await sent(clear, { name, why: '..' });
    t.same(
      urls,
      [`https://cache.example/v1/caches/${encodeURIComponent(name)}/entries?why=..`],
      String(name),
    );
    t.equal(ended.state, 'succeeded', String(name));
  }
});

t.test('a declared address that is written by people is called as it is', async (t) => {
  const given = { ...clear, url: 'https://Cache.Example:443/v1/ä b/%41/{name}' };
  t.equal((await sent(given, { name: 'x' })).ended.state, 'succeeded');
});

t.test(
  'whatever the value: either nothing is sent, or it arrives as one whole piece of the declared path',
  async () => {
    const pieces = fc.constantFrom(
      '.',
      '..',
      '%2e',
      '%',
      '/',
      '\\',
      '?',
      '#',
      '@',
      ':',
      'a',
      '\ud800',
      ' ',
      '\t',
    );
    const before = 'https://cache.example/v1/caches/';
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 6 }).map((all) => all.join('')),
    );
    await fc.assert(
      fc.asyncProperty(value, async (name) => {
        const { urls, ended } = await sent(clear, { name, why: name });
        if (ended.state === 'failed') return urls.length === 0;
        const [arrived = '', ...more] = (urls[0] ?? '').slice(before.length).split('/');
        const around = urls[0]?.startsWith(before) && more.join('/') === `entries?why=${arrived}`;
        return (
          around &&
          decodeURIComponent(arrived) === name.toWellFormed() &&
          new URL(urls[0] ?? '').href === urls[0]
        );
      }),
      { numRuns: 1000 },
    );
  },
);
