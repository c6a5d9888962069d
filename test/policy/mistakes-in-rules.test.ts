import t from 'tap';
import { links, mistakesOf, model } from './fixtures.ts';

const sound = `${links}p, role:sre, channels:ops, *, *, allow\n`;
/** The line on which text added to `sound` begins. */
const added = sound.split('\n').length;

t.test('each mistake in a rule is reported with its line', async (t) => {
  const table: readonly (readonly [string, string, RegExp])[] = [
    ['a missing effect', 'p, role:sre, channels:ops, lb weight, *', /5 columns.*this has 4/],
    [
      'a capital effect',
      'p, role:sre, channels:ops, lb weight, *, Deny',
      /"Deny", it must be exactly allow or deny/,
    ],
    ['a column too many', 'p, role:sre, channels:ops, lb weight, *, allow, x', /this has 6/],
    [
      'an unquoted comma in a condition',
      'p, role:sre, channels:ops, lb weight, env in (staging, production), allow',
      /quote a condition that holds a comma/,
    ],
    ['a capital section', 'P, role:sre, channels:ops, lb weight, *, deny', /begins with "P"/],
    ['an unknown section', 'p2, role:sre, channels:ops, lb weight, *, deny', /begins with "p2"/],
    ['a person without a prefix', 'p, ana, channels:ops, lb weight, *, allow', /who is "ana"/],
    ['a channel by its name', 'p, role:sre, #ops, lb weight, *, allow', /channel is "#ops"/],
    ['an empty who', 'p, , channels:ops, lb weight, *, allow', /who is ""/],
    ['a role in the channel column', 'p, role:sre, role:sre, lb weight, *, allow', /channel is "role:sre"/],
    ['a trailing blank', 'p, role:sre, channels:ops, lb weight, *, allow ', /blank after "allow"/],
    ['a blank before a comma', 'p, role:sre , channels:ops, lb weight, *, allow', /blank after "role:sre"/],
    ['a zero-width space', 'p, role:sre\u200b, channels:ops, lb weight, *, allow', /U\+200B/],
    ['a direction mark in a comment', '# \u202e nothing to see', /U\+202E/],
    ['a tab', 'p,\trole:sre, channels:ops, lb weight, *, allow', /U\+0009/],
    ['a Cyrillic letter in a role', 'p, role:sr\u0435, channels:ops, lb weight, *, allow', /who is/],
    [
      'a quote in the middle',
      'p, role:"sre", channels:ops, lb weight, *, allow',
      /quote may only stand around/,
    ],
    ['a quote that goes on', 'p, role:sre, channels:ops, lb weight, "*, allow', /quote is never closed/],
    ['text after a quote', 'p, "role:sre"x, channels:ops, lb weight, *, allow', /after a closing quote/],
    [
      'an unknown role',
      'p, role:sri, channels:ops, lb weight, *, deny',
      /nobody has role:sri.*did you mean role:sre\?/,
    ],
    [
      'an unknown channel set',
      'p, role:sre, channels:opps, lb weight, *, deny',
      /no channel is in channels:opps.*channels:ops\?/,
    ],
    [
      'an unknown command',
      'p, role:sre, channels:ops, lb wieght, *, allow',
      /none of the declared commands; did you mean lb weight\?/,
    ],
    ['a glob of another kind', 'p, role:sre, channels:ops, !release, *, allow', /it must be a name/],
    ['a star inside a command', 'p, role:sre, channels:ops, lb w*, *, allow', /it must be a name/],
    [
      'an unknown input',
      'p, role:sre, channels:ops, lb weight, wieght < 5, allow',
      /no input wieght.*did you mean weight\?/,
    ],
    [
      'an unknown option',
      'p, role:sre, channels:ops, lb weight, env = prodction, deny',
      /never prodction, only staging, production; did you mean production\?/,
    ],
    [
      'an unknown option in a list',
      'p, role:sre, channels:ops, lb weight, "env in (staging, prod)", deny',
      /never prod/,
    ],
    ['a number for a text', 'p, role:sre, channels:ops, lb weight, env = 5, allow', /write "5" in quotes/],
    [
      'a text for a number',
      'p, role:sre, channels:ops, lb weight, weight = ten, allow',
      /ten is a text, but weight takes a number/,
    ],
    ['a number out of range', 'p, role:sre, channels:ops, lb weight, weight = 101, deny', /never 101/],
    ['an order of texts', 'p, role:sre, channels:ops, lb weight, env < staging, allow', /< is for numbers/],
    [
      'a pattern on a number',
      'p, role:sre, channels:ops, lb weight, weight matches re:1.*, allow',
      /matches is for texts/,
    ],
    [
      'a text that never fits the pattern',
      'p, role:sre, channels:ops, release, version = 42, allow',
      /but version takes a text/,
    ],
    [
      'a deny over an input that only one of the commands has',
      'p, role:sre, channels:ops, *, weight < 5, deny',
      /for release: there is no input weight/,
    ],
    ['a role that leads back to a person', 'g, role:sre, gitlab:ana', /cannot belong to "gitlab:ana"/],
    ['a person who is another', 'g, gitlab:ana, gitlab:bo', /cannot belong to/],
    ['an account that is two people', 'g, slack:T1/UANA, gitlab:bo', /can be one person only/],
    ['a short membership', 'g, gitlab:ana', /2 columns/],
    ['a channel in a role', 'g2, slack:T1/COPS, role:sre', /must be channels:<name>/],
    ['a role cycle', 'g, role:sre, role:sre', /a cycle/],
    ['a channel cycle', 'g2, channels:ops, channels:ops', /a cycle/],
  ];
  for (const [name, line, problem] of table) {
    const found = mistakesOf(`${sound}${line}\n`);
    t.match(found[0] ?? 'no mistake', problem, name);
    t.ok(found[0]?.startsWith(`policy.csv:${added}: `), `${name}: with its line`);
  }
});

t.test('a sound policy has no mistakes', async (t) => {
  t.strictSame(mistakesOf(sound), []);
  t.strictSame(
    mistakesOf(`${sound}p, *, *, lb *, "env in (staging, production) and note = ""a, b""", deny\r\n`),
    [],
  );
});

t.test(
  'an allow rule may wait for its members, and speak of an input that only some of its commands have',
  async (t) => {
    t.strictSame(mistakesOf(`${sound}p, role:oncall, channels:later, lb weight, *, allow\n`), []);
    t.strictSame(mistakesOf(`${sound}p, role:sre, channels:ops, *, weight < 5, allow\n`), []);
    t.match(mistakesOf(`${sound}p, role:sre, channels:ops, *, wieght < 5, allow\n`)[0], /no input wieght/);
  },
);

t.test('all mistakes are reported at once, in order', async (t) => {
  const found = mistakesOf(
    `${sound}p, x, y, lb weight, *, allow\np, role:sre, channels:ops, lb weight, *, no\n`,
    {
      'commands/release.yml': 'name: release\nmode: lnik\n',
    },
  );
  t.match(found[0], /^commands\/release\.yml:1: summary is missing/);
  t.match(found[1], /^commands\/release\.yml:2: mode: "lnik".*did you mean link\?/);
  t.match(found[2], new RegExp(`^policy.csv:${added}: who is "x"`));
  t.match(found[3], new RegExp(`^policy.csv:${added}: the channel is "y"`));
  t.match(found[4], new RegExp(`^policy.csv:${added + 1}: the effect is "no"`));
});

t.test('very many mistakes are counted, not listed', async (t) => {
  const found = mistakesOf(`${sound}${'p, x\n'.repeat(5000)}`);
  t.equal(found.length, 201);
  t.match(found[200], /and 4800 more mistakes/);
});

t.test('a policy without rules is refused', async (t) => {
  t.match(mistakesOf(links)[0], /holds no rule/);
  t.match(mistakesOf('')[0], /holds no rule/);
});

t.test('chains longer than Casbin follows are refused', async (t) => {
  const chain = (length: number) =>
    Array.from({ length }, (_, at) => `g, role:c${at}, role:c${at + 1}\n`).join('');
  t.strictSame(mistakesOf(sound + chain(10)), []);
  t.match(mistakesOf(sound + chain(11))[0], /a chain of memberships is 11 links long/);
  t.match(mistakesOf(`${sound}${chain(50_000)}g, role:c50000, role:c0\n`)[0], /a cycle/);
  const far = chain(60) + chain(3).replaceAll('role:c', 'role:d');
  t.match(
    mistakesOf(`${sound}${far}g, role:c60, role:d0\ng, role:d3, role:d0\n`)[0],
    /leads into a cycle/,
    'far from its cycle',
  );
});

t.test('a model that says anything else is refused', async (t) => {
  const table: readonly (readonly [string, string, RegExp])[] = [
    ['no model', '', /\[request_definition\] r is missing/],
    [
      'a column effect that Casbin does not know',
      model.replace('condition, eft', 'condition, effect'),
      /p must be: who, channel, command, condition, eft/,
    ],
    ['allow without deny', model.replace(' && !some(where (p.eft == deny))', ''), /e must be:/],
    ['a wildcard that is none', model.replace('"*"', '" *"'), /m must be:/],
    ['an unanchored pattern', model.replace('commandMatch', 'regexMatch'), /m must be:/],
    ['a second matcher', `${model}m2 = true\n`, /"m2" in \[matchers\] is unknown/],
    ['a matcher again', `${model}m = true\n`, /stands there twice/],
    ['an unknown section', `${model}[matcher]\nm = true\n`, /"matcher" is unknown.*did you mean matchers\?/],
    ['a section again', `${model}[matchers]\nm = true\n`, /stands there twice/],
    ['a line of something', `${model}true\n`, /neither a section nor a definition/],
  ];
  for (const [name, text, problem] of table)
    t.match(mistakesOf(sound, { 'model.conf': text })[0], problem, name);
  t.strictSame(mistakesOf(sound, { 'model.conf': `# a comment\n\n${model}` }), [], 'comments are free');
});

t.test('a hostile file is refused, not endured', async (t) => {
  const long = 10_000_000;
  const table: readonly (readonly [string, string, RegExp])[] = [
    ['one endless line', `p, ${'x'.repeat(long)}`, /longer than 4000 characters/],
    ['endless quotes', '"'.repeat(long), /longer than 4000 characters/],
    ['endless columns', `p${','.repeat(3000)}`, /this has 3000/],
    ['a deep condition', `p, *, *, *, ${'('.repeat(990)}, deny`, /nested deeper than 20/],
    [
      'a pattern with many states',
      `p, *, *, release, version matches re:${'(a{1000})'.repeat(40)}, deny`,
      /repeats too much/,
    ],
    [
      'a pattern meant to hang',
      `p, *, *, release, version matches re:(a+)+$(?!b), deny`,
      /pattern cannot be used/,
    ],
    ['a line break in quotes', 'p, *, *, *, "a =\nb", deny', /quote is never closed/],
    ['a comment sign after a rule', 'p, *, *, *, *, deny # why', /it must be exactly allow or deny/],
    ['a comma in an id', 'p, "slack:T1/U1,U2", *, *, *, deny', /who is/],
  ];
  for (const [name, line, problem] of table) t.match(mistakesOf(`${sound}${line}\n`)[0], problem, name);
});
