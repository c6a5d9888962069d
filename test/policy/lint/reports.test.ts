import { Ajv } from 'ajv';
import t from 'tap';
import { type Finding, lintCodes, meaningOf } from '../../../src/policy/lint/finding.ts';
import { asCodeQuality } from '../../../src/policy/lint/reports/code-quality.ts';
import { asJson } from '../../../src/policy/lint/reports/json.ts';
import { asSarif } from '../../../src/policy/lint/reports/sarif.ts';
import { asText } from '../../../src/policy/lint/reports/text.ts';
import { mistakeCodes } from '../../../src/policy/mistakes.ts';

const broad: Finding = {
  file: 'policy.csv',
  line: 12,
  code: 'broad-grant',
  severity: 'error',
  text: 'allows very much',
};
const shadowed: Finding = {
  file: 'policy.csv',
  line: 14,
  code: 'shadowed',
  severity: 'warning',
  text: 'changes nothing: policy.csv:12 says the same',
};
const inCommand: Finding = {
  file: 'commands/a b#1%.yml',
  line: 1,
  code: 'blank-at-end',
  severity: 'warning',
  text: 'the line ends with blanks',
};
const nowhere: Finding = { file: '.', line: 1, code: 'file', severity: 'error', text: 'cannot be read' };
const fromGitLab: Finding = {
  file: '(GitLab memberships)',
  line: 3,
  code: 'id',
  severity: 'error',
  text: 'the member is ""',
};
const all = [nowhere, fromGitLab, inCommand, broad, shadowed];

/** What is required of a log by https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json, as far as it is written. */
const sarifShape = {
  type: 'object',
  required: ['$schema', 'version', 'runs'],
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['tool', 'results'],
        additionalProperties: false,
        properties: {
          tool: {
            type: 'object',
            required: ['driver'],
            properties: {
              driver: {
                type: 'object',
                required: ['name', 'rules'],
                properties: {
                  name: { type: 'string', minLength: 1 },
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: {
                      type: 'object',
                      required: ['id', 'shortDescription'],
                      additionalProperties: false,
                      properties: {
                        id: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$' },
                        shortDescription: {
                          type: 'object',
                          required: ['text'],
                          properties: { text: { type: 'string', minLength: 1 } },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
          results: {
            type: 'array',
            items: {
              type: 'object',
              required: ['ruleId', 'ruleIndex', 'level', 'message', 'locations', 'partialFingerprints'],
              additionalProperties: false,
              properties: {
                ruleId: { type: 'string' },
                ruleIndex: { type: 'integer', minimum: 0 },
                level: { enum: ['error', 'warning'] },
                message: {
                  type: 'object',
                  required: ['text'],
                  properties: { text: { type: 'string', minLength: 1 } },
                },
                partialFingerprints: { type: 'object', additionalProperties: { type: 'string' } },
                locations: {
                  type: 'array',
                  minItems: 1,
                  items: {
                    type: 'object',
                    required: ['physicalLocation'],
                    properties: {
                      physicalLocation: {
                        type: 'object',
                        required: ['artifactLocation', 'region'],
                        properties: {
                          artifactLocation: {
                            type: 'object',
                            required: ['uri'],
                            properties: { uri: { type: 'string', pattern: '^[^ #?]+$' } },
                          },
                          region: {
                            type: 'object',
                            required: ['startLine'],
                            properties: { startLine: { type: 'integer', minimum: 1 } },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

const issuesOf = (findings: readonly Finding[], folder = 'policies') =>
  JSON.parse(asCodeQuality(findings, folder));

t.test('every code has a meaning', async (t) => {
  for (const code of [...Object.keys(mistakeCodes), ...Object.keys(lintCodes)])
    t.match(code, /^[a-z]+(-[a-z]+)*$/);
  t.equal(meaningOf('id'), mistakeCodes.id);
  t.equal(meaningOf('repeated'), lintCodes.repeated.meaning);
  const both = Object.keys(lintCodes).filter((code) => Object.hasOwn(mistakeCodes, code));
  t.same(both, [], 'no code has two');
});

t.test('text: a block for each file, what the codes mean, how many there are', async (t) => {
  t.equal(
    asText([inCommand, broad, shadowed], './policies'),
    `policies/commands/a b#1%.yml:1: warning blank-at-end: the line ends with blanks

policies/policy.csv:12: error broad-grant: allows very much
policies/policy.csv:14: warning shadowed: changes nothing: policy.csv:12 says the same

  blank-at-end  ${lintCodes['blank-at-end'].meaning}
  broad-grant   ${lintCodes['broad-grant'].meaning}
  shadowed      ${lintCodes.shadowed.meaning}

1 error, 2 warnings. Errors must be mended; until then the last good version stays in force.
`,
  );
  t.equal(asText([], 'policies'), 'Nothing found.\n');
  t.match(
    asText([shadowed], 'p'),
    /\n1 warning\. The policy can be used; --allow-warnings lets these pass\.\n$/,
  );
});

t.test('json: all fields, the path from where lint was run, counts', async (t) => {
  t.strictSame(JSON.parse(asJson([broad, nowhere], 'ops/policies')), {
    errors: 2,
    warnings: 0,
    findings: [
      { ...broad, path: 'ops/policies/policy.csv' },
      { ...nowhere, path: 'ops/policies' },
    ],
  });
});

t.test('sarif: has what 2.1.0 asks for', async (t) => {
  const valid = new Ajv({ strict: false }).compile(sarifShape);
  t.notOk(valid({ version: '2.1.0', runs: [{ tool: { driver: {} } }] }));
  for (const findings of [[], all]) {
    valid(JSON.parse(asSarif(findings, 'policies')));
    t.same(valid.errors, null);
  }
});

t.test('sarif: each result points to its rule, and to its place as an address', async (t) => {
  const [run] = JSON.parse(asSarif(all, 'policies')).runs;
  for (const [at, result] of run.results.entries()) {
    t.equal(run.tool.driver.rules[result.ruleIndex].id, result.ruleId);
    t.equal(result.ruleId, all[at]?.code);
    t.equal(result.locations[0].physicalLocation.region.startLine, all[at]?.line);
  }
  const uris = run.results.map(
    (one: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
      one.locations[0]?.physicalLocation.artifactLocation.uri,
  );
  t.same(uris, [
    'policies',
    'policies',
    'policies/commands/a%20b%231%25.yml',
    'policies/policy.csv',
    'policies/policy.csv',
  ]);
});

t.test('code quality: what GitLab reads', async (t) => {
  t.match(issuesOf([broad, shadowed]), [
    {
      description: 'allows very much',
      check_name: 'broad-grant',
      fingerprint: /^[0-9a-f]{32}$/,
      severity: 'critical',
      location: { path: 'policies/policy.csv', lines: { begin: 12 } },
    },
    { check_name: 'shadowed', severity: 'minor' },
  ]);
  t.strictSame(issuesOf([]), []);
});

t.test('code quality: a fingerprint stays when lines move, and is no other finding’s', async (t) => {
  const prints = (findings: readonly Finding[], folder?: string): readonly string[] =>
    issuesOf(findings, folder).map(({ fingerprint }: { fingerprint: string }) => fingerprint);
  const moved = { ...shadowed, line: 99, text: 'changes nothing: policy.csv:77 says the same' };
  t.same(prints([moved]), prints([shadowed]));
  const different = [
    broad,
    { ...broad, line: 13 },
    { ...broad, line: 14 },
    { ...broad, file: 'commands/a.yml' },
    { ...broad, code: 'shadowed' as const },
    { ...broad, text: 'other' },
  ];
  t.equal(new Set([...prints(different), ...prints([broad], 'elsewhere')]).size, 7);
});
