import t from 'tap';
import type { CaseResult } from '../../../src/policy/cases/check-case.ts';
import { asJson } from '../../../src/policy/cases/reports/json.ts';
import { asJunit } from '../../../src/policy/cases/reports/junit.ts';
import { asTap } from '../../../src/policy/cases/reports/tap.ts';
import { isFine, percentOf, type Tested } from '../../../src/policy/cases/reports/tested.ts';
import { asText } from '../../../src/policy/cases/reports/text.ts';

const result = (line: number, name: string, got?: string, near?: string): CaseResult => ({
  file: 'cases/a.yml',
  line,
  suite: 'access',
  name,
  passed: got === undefined,
  expected: 'allow',
  got: got ?? 'allowed by policy.csv:1 (*, *, *, *, allow)',
  ...(near === undefined ? {} : { near }),
});

const rule = {
  file: 'policy.csv',
  line: 3,
  who: '*',
  channel: '*',
  command: 'x',
  condition: '*',
  effect: 'allow',
} as const;

/** One failing case among three, two of the same name, one rule without a case, one survivor, one minimum missed. */
const failing: Tested = {
  folder: './policies/',
  report: {
    mistakes: [],
    results: [
      result(2, 'allow gitlab:ana in channels:ops: hello "<&\'#1'),
      result(
        3,
        'allow gitlab:bo in channels:ops: hello',
        'denied: no rule allows it',
        'policy.csv:2 (role:dev) needs \u001b[31m#ops',
      ),
      result(9, 'allow gitlab:bo in channels:ops: hello'),
    ],
    coverage: { rules: 3, decided: 2, undecided: [rule] },
  },
  mutation: {
    mutants: 12,
    noticed: 8,
    equivalent: 2,
    refused: 1,
    survivors: [{ file: 'policy.csv', line: 3, text: 'policy.csv:3 (*, *, x, *, allow) were dropped' }],
    complete: true,
  },
  minimums: [
    { of: 'coverage', percent: 66 },
    { of: 'mutation', percent: 90 },
  ],
};

const clean: Tested = {
  ...failing,
  report: { ...failing.report, results: [result(2, 'allow gitlab:ana in channels:ops: hello')] },
  minimums: [],
};

const broken: Tested = {
  folder: 'p',
  report: {
    mistakes: [{ file: 'cases/a.yml', line: 4, code: 'file', text: 'by: unknown key' }],
    results: [],
    coverage: { rules: 0, decided: 0, undecided: [] },
  },
  mutation: { skipped: 'the files have mistakes' },
  minimums: [{ of: 'mutation', percent: 0 }],
};

const none: Tested = {
  ...broken,
  report: { ...broken.report, mistakes: [] },
  mutation: { skipped: 'there are no cases' },
  minimums: [],
};

t.test('text: what failed comes first, then one line each', async (t) => {
  t.equal(
    asText(failing),
    `cases/a.yml:3  allow gitlab:bo in channels:ops: hello
  expected  allow
  got       denied: no rule allows it
  nearest   policy.csv:2 (role:dev) needs \\u{1b}[31m#ops

3 cases, 1 failed
coverage  2 of 3 rules decided a case (66 %)
  no case is decided by policy.csv:3 (*, *, x, *, allow)
mutation  8 of 9 mutants noticed (88 %); 2 more change no decision; 1 more would not be loaded
  nobody would notice if policy.csv:3 (*, *, x, *, allow) were dropped
missed    mutation is at least 90 %: 88 %
`,
  );
  t.equal(
    asText(broken),
    `cases/a.yml:4  by: unknown key

1 mistake; 0 cases run, 0 failed
mutation  not measured: the files have mistakes
missed    mutation is at least 0 %: not measured
`,
  );
  t.equal(
    asText(none),
    'no cases: cases/ holds none\ncoverage  no rules\nmutation  not measured: there are no cases\n',
  );
});

t.test('text: what would fill the screen is counted', async (t) => {
  const undecided = Array.from({ length: 60 }, (_, line) => ({ ...rule, line }));
  const report = { ...clean.report, coverage: { rules: 61, decided: 1, undecided } };
  t.match(asText({ ...clean, report }), /policy\.csv:49 .*\n {2}and 10 more\nmutation/);
});

t.test('TAP 14', async (t) => {
  t.equal(
    asTap(failing),
    `TAP version 14
1..5
ok 1 - access: allow gitlab:ana in channels:ops: hello "<&'\\#1
not ok 2 - access: allow gitlab:bo in channels:ops: hello
  ---
  at: "policies/cases/a.yml:3"
  expected: "allow"
  got: "denied: no rule allows it"
  nearest: "policy.csv:2 (role:dev) needs \\\\u{1b}[31m#ops"
  ...
ok 3 - access: allow gitlab:bo in channels:ops: hello (line 9)
ok 4 - minimums: coverage is at least 66 %
not ok 5 - minimums: mutation is at least 90 %
  ---
  got: "88 %"
  ...
# coverage 2/3 rules
# no case is decided by policy.csv:3 (*, *, x, *, allow)
# mutation 8/9 noticed
# nobody would notice if policy.csv:3 (*, *, x, *, allow) were dropped
`,
  );
  t.match(
    asTap(broken),
    /^1\.\.2\nnot ok 1 - files: cases\/a\.yml:4 can be read\n {2}---\n {2}at: "p\/cases\/a\.yml:4"\n {2}mistake: "by: unknown key"\n/m,
  );
  t.match(asTap(none), /^TAP version 14\n1\.\.0 # SKIP no cases\n# coverage 0\/0 rules\n/);
});

t.test('JUnit as GitLab reads it', async (t) => {
  t.equal(
    asJunit(failing),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="chatops policy test" tests="5" failures="2" errors="0">
  <testsuite name="access" tests="3" failures="1" errors="0" time="0">
    <testcase classname="access" name="allow gitlab:ana in channels:ops: hello &quot;&lt;&amp;&apos;#1" file="policies/cases/a.yml" time="0"/>
    <testcase classname="access" name="allow gitlab:bo in channels:ops: hello" file="policies/cases/a.yml" time="0">
      <failure message="expected allow; got denied: no rule allows it; nearest policy.csv:2 (role:dev) needs \\u{1b}[31m#ops">
at: policies/cases/a.yml:3
expected: allow
got: denied: no rule allows it
nearest: policy.csv:2 (role:dev) needs \\u{1b}[31m#ops
      </failure>
    </testcase>
    <testcase classname="access" name="allow gitlab:bo in channels:ops: hello (line 9)" file="policies/cases/a.yml" time="0"/>
  </testsuite>
  <testsuite name="minimums" tests="2" failures="1" errors="0" time="0">
    <testcase classname="minimums" name="coverage is at least 66 %" time="0"/>
    <testcase classname="minimums" name="mutation is at least 90 %" time="0">
      <failure message="got 88 %">
got: 88 %
      </failure>
    </testcase>
  </testsuite>
</testsuites>
`,
  );
  t.equal(
    asJunit(none),
    '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="chatops policy test" tests="0" failures="0" errors="0">\n</testsuites>\n',
  );
});

t.test('no text of a policy leaves its place in the XML', async (t) => {
  const hostile = '\u0000\u0008\u001b\n\r\t]]>\ufffe\ud800</failure>"\'&<\u202e\u2028';
  const xml = asJunit({
    ...clean,
    report: { ...clean.report, results: [result(1, hostile, hostile, hostile)] },
  });
  t.notMatch(xml.replaceAll('\n', ''), /[^\u0020-\u007e]/);
  t.notMatch(xml, /]]>|<\/failure>"/);
  t.match(
    xml,
    /name="\\u\{0\}\\u\{8\}\\u\{1b\}\\u\{a\}\\u\{d\}\\u\{9\}\]\]&gt;\\u\{fffe\}\\u\{d800\}&lt;\/failure&gt;&quot;&apos;&amp;&lt;/,
  );
});

t.test('points of the same name on the same line are still told apart', async (t) => {
  const twice = [result(1, 'x'), result(1, 'x'), result(1, 'x')];
  const names = asTap({ ...clean, report: { ...clean.report, results: twice } }).match(/^ok.*/gm);
  t.strictSame(names, ['ok 1 - access: x', 'ok 2 - access: x (line 1)', 'ok 3 - access: x (line 1) (2)']);
});

t.test('JSON holds everything', async (t) => {
  t.match(JSON.parse(asJson(failing)), {
    passed: false,
    results: [{ line: 2, passed: true }, { got: 'denied: no rule allows it' }, {}],
    coverage: { percent: 66, rules: 3, undecided: [{ line: 3 }] },
    mutation: { percent: 88, refused: 1, survivors: [{ line: 3 }] },
    minimums: [{ passed: true }, { passed: false, got: '88 %' }],
  });
  t.match(JSON.parse(asJson(broken)), {
    passed: false,
    mistakes: [{ line: 4 }],
    mutation: { skipped: 'the files have mistakes' },
  });
});

t.test('what is fine', async (t) => {
  t.strictSame([failing, broken, clean, none].map(isFine), [false, false, true, true]);
  t.equal(isFine({ ...clean, minimums: [{ of: 'coverage', percent: 67 }] }), false);
  t.equal(
    isFine({ ...clean, mutation: { skipped: 'a case fails' }, minimums: [{ of: 'mutation', percent: 0 }] }),
    false,
  );
  t.strictSame([percentOf(0, 0), percentOf(999, 1000), percentOf(1000, 1000)], [100, 99, 100]);
});
