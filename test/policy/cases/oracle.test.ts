import fc from 'fast-check';
import t from 'tap';
import { changesNothing, createLasting } from '../../../src/policy/cases/equivalent.ts';
import { type Mutant, mutantsOf } from '../../../src/policy/cases/mutants.ts';
import { createReaches, noticesLink, noticesRule } from '../../../src/policy/cases/noticing.ts';
import { createProbes } from '../../../src/policy/cases/probes.ts';
import { createIsRefused } from '../../../src/policy/cases/refused.ts';
import { columnsOf } from '../../../src/policy/cases/rule-names.ts';
import { ruleOn } from '../../../src/policy/cases/ruling.ts';
import { runSuitesOf } from '../../../src/policy/cases/run.ts';
import { compileFiles, today } from '../fixtures.ts';
import { beside, folderWith } from './fixtures.ts';

/**
 * What mutants do, found out the long way: the row is changed in policy.csv, everything is compiled anew, and every question is
 * asked of Casbin.
 */
const accounts = ['slack:T1/U0', 'slack:T1/U1', 'slack:T1/U2'];
const channels = ['slack:T1/C0', 'slack:T1/C1'];
const lines = [
  'lb weight web 10',
  'lb weight web 60 production',
  'lb weight web 60 note=x',
  'release v1',
  'release v2 true',
];

const from = (...texts: readonly string[]) => fc.constantFrom(...texts);

const rule = fc
  .tuple(
    from('*', 'slack:T1/U0', 'gitlab:a', 'gitlab-group:g', 'role:r', 'role:s'),
    from('*', 'slack:T1/C0', 'channels:x', 'channels:y'),
    from('*', 'lb *', 'lb weight', 'release'),
    from(
      '*',
      '*',
      'weight > 50',
      'note = x',
      'not env = staging and weight > 50',
      'weight > 50 or note = x',
      'dry = true',
    ),
    from('allow', 'allow', 'allow', 'deny'),
    from('', '', '', ', expires=2026-11-20', ', expires=2027-01-01'),
  )
  .map(
    ([who, channel, command, condition, effect, end]) =>
      `p, ${[who, channel, command, condition, effect].join(', ')}${end}`,
  );

const link = from(
  'g, slack:T1/U0, gitlab:a',
  'g, slack:T1/U1, gitlab:b',
  'g, slack:T1/U1, role:r',
  'g, gitlab:a, role:r',
  'g, gitlab:a, gitlab-group:g',
  'g, gitlab:b, gitlab-group:g',
  'g, gitlab-group:g, role:s',
  'g, role:r, role:s',
  'g, role:r, role:s, expires=2027-01-01',
  'g, gitlab:b, role:s, expires=2026-11-20',
  'g2, slack:T1/C0, channels:x',
  'g2, slack:T1/C1, channels:y',
  'g2, channels:x, channels:y',
);

const fixed = [
  'g, slack:T1/UX, role:r',
  'g, slack:T1/UX, role:s',
  'g2, slack:T1/CX, channels:x',
  'g2, slack:T1/CX, channels:y',
];

const compiled = (rows: readonly string[]) => compileFiles(folderWith('cases: []\n', `${rows.join('\n')}\n`));

/** Rules that would not load are left out one by one. */
const policies = fc
  .tuple(fc.array(rule, { minLength: 1, maxLength: 5 }), fc.uniqueArray(link, { maxLength: 8 }))
  .map(([rules, links]) => [...fixed, ...links, ...rules.filter((one) => compiled([...fixed, one]).ok)])
  .filter((rows) => compiled(rows).ok);

/** The file with the change, every other row on its line. */
const changed = (rows: readonly string[], mutant: Mutant): readonly string[] => {
  const { line } = mutant.kind === 'rule' ? mutant.rule : mutant.link;
  const { to } = mutant.kind === 'rule' ? mutant : { to: undefined };
  const end = /, expires=.*$/.exec(rows[line - 1] ?? '')?.[0] ?? '';
  return rows.with(line - 1, to === undefined ? '# gone' : `p, ${columnsOf(to)}${end}`);
};

const suite = (runs: readonly string[], expect: string): string =>
  `cases:\n  - matrix: { as: [${accounts}], in: [${channels}], run: [${runs}] }\n    expect: ${expect}\n`;

/** Every question with its answer, and the policy that answered. */
const asked = (rows: readonly string[]) => {
  const files = folderWith(suite(lines, 'allow'), `${rows.join('\n')}\n`);
  const { checked, parts } = runSuitesOf(files, beside());
  return { parts, questions: checked.flatMap(({ questions }) => questions) };
};

t.test('a rule found the short way is the one that Casbin names', async (t) => {
  fc.assert(
    fc.property(policies, (rows) => {
      const { questions } = asked(rows);
      for (const [index, { matching }] of createProbes(questions).entries()) {
        const { allowed, rule: by } = questions[index]?.decision ?? {};
        const ruling = ruleOn(matching.map((one) => ({ rule: one, effect: one.effect })));
        if (ruling.allowed !== allowed || ruling.rule !== by)
          throw new Error(JSON.stringify({ ruling, allowed, by }));
      }
    }),
    { numRuns: 150 },
  );
  t.pass();
});

t.test('a mutant is noticed, equivalent or refused exactly when it is', async (t) => {
  const seen = { noticed: 0, unnoticed: 0, equivalent: 0, refused: 0 };
  fc.assert(
    fc.property(policies, (rows) => {
      const { parts, questions } = asked(rows);
      if (parts === undefined) throw new Error('it was compiled before');
      const policy = { parts, places: new Map(parts.rules.map((one, place) => [one, place])) };
      const reachOf = createReaches();
      for (const mutant of mutantsOf(parts)) {
        const after = questionsOnMutant(rows, mutant);
        if ((after === undefined) !== createIsRefused(parts)(mutant))
          throw new Error(`refused or not: ${mutant.text}`);
        const equivalent = changesNothing(createLasting(parts, today), mutant);
        if (equivalent) seen.equivalent++;
        if (after === undefined) {
          seen.refused++;
          continue;
        }
        for (const [index, question] of questions.entries()) {
          const really = after[index]?.decision;
          const { allowed, rule: by } = question.decision;
          const differs = really?.allowed !== allowed;
          const place = really?.rule?.line;
          const [probe] = createProbes([
            { ...question, passes: (ruling) => ruling.allowed === allowed && ruling.rule?.line === by?.line },
          ]);
          const noticed =
            mutant.kind === 'rule'
              ? noticesRule(policy, mutant.rule, mutant.to)
              : noticesLink(reachOf, mutant);
          if (probe === undefined || noticed(probe) !== (differs || place !== by?.line))
            throw new Error(`noticed or not: ${mutant.text} ${JSON.stringify(question.request)}`);
          if (equivalent && differs)
            throw new Error(`not equivalent: ${mutant.text} ${JSON.stringify(question.request)}`);
          if (differs) seen.noticed++;
          else seen.unnoticed++;
        }
      }
    }),
    { numRuns: 60 },
  );
  t.ok(
    Object.values(seen).every((count) => count > 5),
    JSON.stringify(seen),
  );
});

/** The same questions to the policy with the change; undefined when it is refused. */
const questionsOnMutant = (rows: readonly string[], mutant: Mutant) => {
  const other = changed(rows, mutant);
  return compiled(other).ok ? asked(other).questions : undefined;
};
