import fc from 'fast-check';
import t from 'tap';
import { parseForm } from '../../../src/sandbox/gitlab/form.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

t.test('a field named like a prototype is just a field', async (t) => {
  const fields = parseForm('__proto__[admin]=1&constructor[prototype][x]=2');
  t.equal(Reflect.get({}, 'admin'), undefined);
  t.equal(Reflect.get({}, 'x'), undefined);
  t.same(Object.keys(fields), ['__proto__', 'constructor']);
});

const cases: readonly (readonly [name: string, text: string, fields: unknown])[] = [
  ['nothing', '', {}],
  ['a value with its own signs', 'a=1%262%3D3', { a: '1&2=3' }],
  ['the last of two plain ones', 'a=1&a=2', { a: '2' }],
  ['a map', 'variables[KEY]=v&variables[B]=w', { variables: { KEY: 'v', B: 'w' } }],
  ['a list', 'scope[]=failed&scope[]=manual', { scope: ['failed', 'manual'] }],
  [
    'rows: a repeated field begins the next row',
    'variables[][key]=A&variables[][value]=1&variables[][key]=B&variables[][value]=2',
    {
      variables: [
        { key: 'A', value: '1' },
        { key: 'B', value: '2' },
      ],
    },
  ],
  ['a bracket inside a value is left alone', 'a=variables[X]', { a: 'variables[X]' }],
  ['a name that begins with a bracket', '[a]=1', { '[a]': '1' }],
];

for (const [name, text, fields] of cases) {
  t.test(`form fields: ${name}`, async (t) => t.strictSame(plain(parseForm(text)), fields));
}

t.test('any map of texts survives the form', async () => {
  const key = fc.stringMatching(/^[A-Z_]{1,10}$/);
  fc.assert(
    fc.property(fc.dictionary(key, fc.string({ unit: 'grapheme' })), (variables) => {
      const form = new URLSearchParams(
        Object.entries(variables).map(([name, value]): [string, string] => [`variables[${name}]`, value]),
      );
      const read = plain(parseForm(form.toString()));
      const expected = Object.keys(variables).length > 0 ? { variables } : {};
      return JSON.stringify(read) === JSON.stringify(plain(expected));
    }),
  );
});
