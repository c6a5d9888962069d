import t from 'tap';
import { readCatalogue } from '../../../src/policy/commands/catalogue.ts';
import { createMistakeList, mistakesAsText } from '../../../src/policy/mistakes.ts';

const settings = {
  reserved: ['help', 'run show', 'cancel'],
  uses: [{ name: 'gitlab.feature-flag.get', settings: ['project'], inputs: [] }],
  plainHttp: ['status.lan:8080'],
};

const read = (...texts: readonly string[]) => {
  const mistakes = createMistakeList();
  const files = new Map(texts.map((text, at) => [`commands/${at}.yml`, text]));
  const commands = readCatalogue(files, settings, mistakes);
  return { commands, mistakes: mistakes.all().map((one) => mistakesAsText([one])) };
};

const head = 'name: x y\nsummary: s\nmode: wait\n';
const pipeline = 'pipeline: { project: a/b, ref: main }\n';
const http = (rest: string) =>
  `name: x\nsummary: s\nmode: direct\ninputs: { id: { type: string }, note: { type: string, required: false } }\ndirect:\n  http: { ${rest} }\n`;
const withInput = (input: string) => `${head}${pipeline}inputs:\n  one: ${input}\n`;
const withVariables = (variables: string, inputs = 'one: { type: string }') =>
  `${head}inputs: { ${inputs} }\npipeline: { project: a/b, ref: main, pass: variables, variables: { ${variables} } }\n`;

t.test('each mistake in a command file is reported with its line', async (t) => {
  const table: readonly (readonly [string, string, RegExp])[] = [
    [
      'a danger of another word',
      `${head}${pipeline}danger: low\n`,
      /:5: danger: "low" must be none, some or/,
    ],
    ['a repeated key', `${head}mode: link\n${pipeline}`, /:4: Map keys must be unique/],
    ['an unknown key', `${head}${pipeline}inputz: {}\n`, /:5: inputz: unknown key.*did you mean inputs\?/],
    ['an alias', `${head}${pipeline}examples: [&a x, *a]\n`, /:5: anchors/],
    ['a tag', `${head}${pipeline}examples: [!!str x]\n`, /:5: tags/],
    ['a second document', `${head}${pipeline}---\na: b\n`, /multiple documents|single YAML document/i],
    ['no table', '- a\n', /begins with keys/],
    ['an empty file', '', /:1: /],
    ['bad YAML', 'name: [\n', /:\d+: /],
    ['a huge file', `name: ${'x'.repeat(40_000)}`, /larger than/],
    ['a file that nests endlessly', `name: ${'['.repeat(20_000)}`, /opening brackets/],
    ['a missing name', 'summary: s\nmode: wait\n', /name is missing/],
    ['a name in capitals', `name: LB\nsummary: s\nmode: wait\n${pipeline}`, /lowercase words/],
    ['a name with two blanks', `name: "a  b"\nsummary: s\nmode: wait\n${pipeline}`, /lowercase words/],
    [
      'a name that looks like an option',
      `name: a --b\nsummary: s\nmode: wait\n${pipeline}`,
      /lowercase words/,
    ],
    ['a built-in name', `name: help\nsummary: s\nmode: wait\n${pipeline}`, /help is built in/],
    [
      'a name below a built-in',
      `name: cancel all\nsummary: s\nmode: wait\n${pipeline}`,
      /cancel is built in/,
    ],
    [
      'a number as a name',
      `name: 5\nsummary: s\nmode: wait\n${pipeline}`,
      /"5" is a number for YAML; put it in quotes/,
    ],
    ['an unknown mode', `name: x\nsummary: s\nmode: wiat\n${pipeline}`, /did you mean wait\?/],
    [
      'a summary without English',
      `name: x\nsummary: { zh: s }\nmode: wait\n${pipeline}`,
      /summary\.en is missing/,
    ],
    ['no pipeline', head, /mode wait needs the key pipeline/],
    ['a pipeline in direct', `name: x\nsummary: s\nmode: direct\n${pipeline}`, /needs the key direct/],
    [
      'an unknown effect',
      'name: x\nsummary: s\nmode: direct\ndirect: { use: gitlab.feature-flag.gte }\n',
      /did you mean gitlab\.feature-flag\.get\?/,
    ],
    [
      'use and http',
      'name: x\nsummary: s\nmode: direct\ndirect: { use: a, http: {} }\n',
      /exactly one of use and http/,
    ],
    [
      'a placeholder in the project',
      `${head}pipeline: { project: "a/{one}", ref: main }\n`,
      /must be written out/,
    ],
    ['a variable in the ref', `${head}pipeline: { project: a/b, ref: $REF }\n`, /must be written out/],
    ['a missing ref', `${head}pipeline: { project: a/b }\n`, /pipeline\.ref is missing/],
    [
      'yes for true',
      withInput('{ type: string, required: yes }'),
      /:6: inputs\.one\.required: "yes" must be true or false/,
    ],
    ['an unknown type', withInput('{ type: int }'), /must be one of string, integer/],
    [
      'a number as an option of a text',
      withInput('{ type: string, options: [1, 2] }'),
      /"1" is a number for YAML; put it in quotes/,
    ],
    ['a text as an option of a number', withInput('{ type: integer, options: ["1"] }'), /must be a number/],
    ['an option twice', withInput('{ type: string, options: [a, a] }'), /twice/],
    [
      'a default that is no option',
      withInput('{ type: string, options: [a], default: b }'),
      /must be one of a/,
    ],
    ['a default out of range', withInput('{ type: integer, max: 5, default: 6 }'), /at most 5/],
    ['a default of half an integer', withInput('{ type: integer, default: 1.5 }'), /whole number/],
    [
      'a default against the pattern',
      withInput("{ type: string, pattern: 'v[0-9]+', default: x }"),
      /must look like/,
    ],
    [
      'an option against the pattern',
      withInput("{ type: string, pattern: 'v[0-9]+', options: [x] }"),
      /must look like/,
    ],
    ['a pattern with look-ahead', withInput("{ type: string, pattern: '(?=x)' }"), /inputs\.one\.pattern: /],
    ['min above max', withInput('{ type: integer, min: 5, max: 4 }'), /below min/],
    ['required with a default', withInput('{ type: string, required: true, default: a }'), /never required/],
    ['a length that is none', withInput('{ type: string, maxLength: -1 }'), /0 or more/],
    ['options of a boolean', withInput('{ type: boolean, options: [true] }'), /unknown key/],
    ['infinity', withInput('{ type: number, max: .inf }'), /not a number that can be used/],
    [
      'an input named like a keyword',
      `${head}${pipeline}inputs: { and: { type: string } }\n`,
      /meaning of its own/,
    ],
    [
      'an input named like an object part',
      `${head}${pipeline}inputs: { constructor: { type: string } }\n`,
      /meaning of its own/,
    ],
    [
      'an input of the gateway',
      `${head}${pipeline}inputs: { chatops_ticket: { type: string } }\n`,
      /belong to the gateway/,
    ],
    [
      'an input named like --again',
      `${head}${pipeline}inputs:\n  one: { type: string }\n  again: { type: boolean }\n`,
      /^commands\/0\.yml:7: inputs\.again: --again means that a command is run once more/,
    ],
    ['an input in capitals', `${head}${pipeline}inputs: { Env: { type: string } }\n`, /lowercase letters/],
    [
      'too many inputs',
      `${head}${pipeline}inputs:\n${Array.from({ length: 19 }, (_, at) => `  i${at}: { type: string }\n`).join('')}`,
      /19 inputs/,
    ],
    [
      'variables with pass: inputs',
      `${head}pipeline: { project: a/b, ref: main, variables: { A: one } }\n`,
      /only with pass: variables/,
    ],
    ['a variable for no input', withVariables('LB: two'), /no input "two"/],
    ['an input mapped twice', withVariables('LB: one, LC: one'), /mapped twice/],
    [
      'two inputs in one variable',
      withVariables('INPUT_TWO: one', 'one: { type: string }, two: { type: string }'),
      /travel as INPUT_TWO/,
    ],
    [
      'two inputs that differ in a dash',
      withVariables('', 'a-b: { type: string }, a_b: { type: string }'),
      /travel as INPUT_A_B/,
    ],
    [
      'a dollar in an option',
      withVariables('', 'one: { type: string, options: [a$b] }'),
      /GitLab expands \$/,
    ],
    ['an unknown limit', `${head}${pipeline}limits: { perUser: 5/min }\n`, /unknown key/],
    ['a rate of nothing', `${head}${pipeline}limits: { perCaller: 0/min }\n`, /must be a rate/],
    ['a time without a unit', `${head}${pipeline}limits: { startWithin: "2" }\n`, /must be a time/],
    ['a time of years', `${head}${pipeline}limits: { waitAtMost: 999999h }\n`, /must be a time/],
    ['a reply to nobody', `${head}${pipeline}reply: { to: everybody }\n`, /channel or caller/],
    ['an example that is a number', `${head}${pipeline}examples: [5]\n`, /put it in quotes/],
    ['a placeholder as the host', http('url: "https://{id}.example.com/"'), /host is written out/],
    ['a user name in the address', http('url: "https://a@example.com/"'), /host is written out/],
    ['plain http elsewhere', http('url: "http://example.com/"'), /write https/],
    ['a file address', http('url: "file:///etc/passwd"'), /whole address/],
    [
      'an unknown placeholder',
      http('url: "https://example.com/{idd}"'),
      /no declared input; did you mean id\?/,
    ],
    ['a placeholder that may be absent', http('url: "https://example.com/{note}"'), /may be absent/],
    [
      'a framing header',
      http('url: "https://example.com/", headers: { Host: x }'),
      /belongs to the connection/,
    ],
    ['a header of two lines', http('url: "https://example.com/", headers: { A: "x\\ny" }'), /one line/],
    ['an unknown method', http('url: "https://example.com/", method: get'), /must be one of GET/],
    ['a dot segment', http('url: "https://example.com/v1/%2e%2E/{id}"'), /no step such as \.\., no/],
    ['a backslash', http('url: "https://example.com/v1\\\\x"'), /no step such as \.\., no/],
    ['a blank at the end', http('url: "https://example.com/v1 "'), /no blank at its end/],
    ['a body with GET', http('url: "https://example.com/", body: { a: b }'), /GET has no body/],
    [
      'an unknown placeholder deep in the body',
      http('url: "https://example.com/", method: POST, body: { a: [{ b: "{nope}" }] }'),
      /no declared input/,
    ],
  ];
  for (const [name, text, problem] of table) t.match(read(text).mistakes.join('\n'), problem, name);
});

t.test('variables that steer the job are refused', async (t) => {
  const names =
    'PATH LD_PRELOAD GIT_SSH_COMMAND CI_JOB_TOKEN GITLAB_TOKEN BASH_ENV ENV IFS SHELLOPTS PS4 HOME CHAT_INPUT CHATOPS_TICKET PYTHONPATH NODE_OPTIONS RUBYOPT PERL5LIB JAVA_TOOL_OPTIONS DOCKER_HOST KUBECONFIG FF_X HTTP_PROXY https_proxy path';
  for (const name of names.split(' '))
    t.match(read(withVariables(`${name}: one`)).mistakes[0], /steer/, name);
  t.match(read(withVariables('"A B": one')).mistakes[0], /named with letters/);
  t.strictSame(read(withVariables('LB_WEIGHT: one')).mistakes, []);
});

t.test('one name in two files is a mistake', async (t) => {
  const { mistakes } = read(`${head}${pipeline}`, `# again\n${head}${pipeline}`);
  t.strictSame(mistakes, ['commands/1.yml:2: x y is also declared in commands/0.yml']);
});

t.test('a command comes out with its defaults filled in', async (t) => {
  const { commands, mistakes } = read(
    `${head}${pipeline}inputs:\n  b: { type: string, pattern: 'v[0-9]+' }\n  a: { type: integer, default: 0 }\n  c: { type: boolean, required: false }\n`,
  );
  t.strictSame(mistakes, []);
  const [command] = commands;
  t.match(command, {
    name: 'x y',
    summary: { en: 's' },
    mode: 'wait',
    pipeline: { project: 'a/b', ref: 'main', pass: 'inputs', variables: {} },
    examples: [],
    limits: { perCaller: undefined, startWithinMs: 120_000, waitAtMostMs: 3_600_000 },
    audience: 'channel',
    place: { file: 'commands/0.yml', line: 1 },
  });
  t.strictSame(
    command?.inputs.map(({ name, required }) => [name, required]),
    [
      ['b', true],
      ['a', false],
      ['c', false],
    ],
  );
  const [version] = command?.inputs ?? [];
  t.ok(
    version?.type === 'string' && version.matches?.('v42') && !version.matches('xv42x'),
    'the pattern is anchored',
  );
});

t.test('limits, audience and targets come out as written', async (t) => {
  const link = read(
    `name: x\nsummary: { en: s, zh: 中 }\nmode: link\n${pipeline}limits: { perCaller: 3/10m, startWithin: 30s }\nreply: { to: caller }\n`,
  );
  t.match(link.commands[0], {
    summary: { en: 's', zh: '中' },
    audience: 'caller',
    limits: { perCaller: { count: 3, perMs: 600_000 }, startWithinMs: 30_000, waitAtMostMs: 86_400_000 },
  });
  const flag = read(
    'name: x\nsummary: s\nmode: direct\ndirect: { use: gitlab.feature-flag.get, project: app/shop }\n',
  );
  t.strictSame(flag.commands[0]?.direct, {
    use: 'gitlab.feature-flag.get',
    settings: { project: 'app/shop' },
  });
  const variables = read(withVariables('LB_WEIGHT: one'));
  t.strictSame(variables.commands[0]?.pipeline?.variables, { LB_WEIGHT: 'one' });
});

t.test('an HTTP call comes out as written', async (t) => {
  const { commands, mistakes } = read(
    http(
      'url: "https://example.com/{id}?q={id}", method: POST, headers: { X-Id: "{id}" }, body: { a: ["{id}", 5, null] }',
    ),
    http('url: "http://127.0.0.1:9/x"').replace('name: x', 'name: y'),
    http('url: "http://status.lan:8080/x"').replace('name: x', 'name: z'),
  );
  t.strictSame(mistakes, []);
  t.strictSame(commands[0]?.direct, {
    http: {
      method: 'POST',
      url: 'https://example.com/{id}?q={id}',
      headers: { 'X-Id': '{id}' },
      body: { a: ['{id}', 5, null] },
    },
    reply: undefined,
  });
});

t.test('a command says how much harm it can do', async (t) => {
  t.match(read(`${head}${pipeline}danger: high\n`), { commands: [{ danger: 'high' }], mistakes: [] });
  t.match(read(`${head}${pipeline}`), { commands: [{ danger: 'none' }], mistakes: [] });
});
