import t from 'tap';
import type { DecisionRequest } from '../../src/core/decision.ts';
import type { FilesRead, PolicyFiles } from '../../src/policy/files.ts';
import { createPolicyKeeper } from '../../src/policy/keeper.ts';
import { compileFiles, filesWith, links } from './fixtures.ts';

const reloads = 1000;
const decisionsEach = 1000;

/** What one version says, in numbers: SREs up to `most`, developers up to `few` in their channel, nobody exactly `never`. */
interface Version {
  readonly most: number;
  readonly few: number;
  readonly never: number;
}

/** Every version differs from its neighbours in all three. */
const versionOf = (number: number): Version => ({
  most: 40 + ((number * 37) % 61),
  few: (number * 17) % 40,
  never: (number * 53) % 101,
});

const filesOf = (number: number): PolicyFiles => {
  const { most, few, never } = versionOf(number);
  return filesWith(`${links}# ${number}
p, role:sre, channels:ops, lb weight, weight <= ${most}, allow
p, role:dev, channels:dev, lb weight, env = staging and weight <= ${few}, allow
p, *, *, lb weight, weight = ${never}, deny
`);
};

/** One way each in which a file is broken; each but for its mistake would allow everything to everybody. */
const broken: readonly ((number: number) => FilesRead)[] = [
  () => ({ ok: true, files: filesWith(`${links}p, *, *, *, *, allow\np, *, *, *, *, alow\n`) }),
  () => ({
    ok: true,
    files: filesWith(`${links}p, *, *, *, *, allow\np, *, *, lb weight, weight <, deny\n`),
  }),
  () => ({ ok: true, files: filesWith(`${links}p, *, *, *, *, allow\np, *, *\n`) }),
  () => ({ ok: true, files: filesWith(`${links}p, *, *, *, *, allow\ng, role:sre, role:sre\n`) }),
  (number) => ({ ok: false, mistakes: [{ file: '.', line: number, code: 'file', text: 'gone' }] }),
];

const isBroken = (number: number): boolean => number % 10 === 0;

const contentOf = (number: number): FilesRead => {
  const breaking = broken[(number / 10) % broken.length];
  return isBroken(number) && breaking !== undefined ? breaking(number) : { ok: true, files: filesOf(number) };
};

const callers = ['slack:T1/UANA', 'slack:T1/UBO', 'slack:T1/UGUS'];
const channels = ['slack:T1/COPS', 'slack:T1/CDEV', 'slack:T1/CELSE'];

const requests: readonly DecisionRequest[] = Array.from({ length: decisionsEach }, (_, at) => ({
  caller: callers[at % 3] ?? '',
  channel: channels[Math.floor(at / 3) % 3] ?? '',
  command: 'lb weight',
  input: { backend: 'web', weight: (at * 7) % 101, env: at % 4 === 0 ? 'production' : 'staging' },
}));

/** The same rules, said a second time. */
const oracle = ({ most, few, never }: Version, { caller, channel, input }: DecisionRequest): boolean => {
  const weight = Number(input.weight);
  if (weight === never) return false;
  if (caller === 'slack:T1/UANA') return channel === 'slack:T1/COPS' && weight <= most;
  return caller === 'slack:T1/UBO' && channel === 'slack:T1/CDEV' && input.env === 'staging' && weight <= few;
};

t.test('no decision during a thousand reloads, one in ten of them broken, is wrong', async (t) => {
  let content = contentOf(1);
  const keeper = await createPolicyKeeper({
    // Two turns of the loop: decisions are made before a file is read, while it is, and when it is in force.
    read: async () => {
      await new Promise((done) => setImmediate(done));
      return content;
    },
    compile: compileFiles,
  });
  const versions = new Map([[keeper.current().revision, versionOf(1)]]);
  const seen = { decisions: 0, allowed: 0, wrong: 0, swapped: 0, failing: 0, changedByBroken: 0 };
  const revisionsUsed = new Set<string>();

  const decide = (request: DecisionRequest): void => {
    const decision = keeper.current().decide(request);
    const version = versions.get(decision.revision);
    seen.decisions++;
    revisionsUsed.add(decision.revision);
    if (decision.allowed) seen.allowed++;
    if (version === undefined || decision.allowed !== oracle(version, request)) seen.wrong++;
  };

  for (let number = 2; number < reloads + 2; number++) {
    content = contentOf(number);
    if (content.ok && !isBroken(number)) versions.set(content.files.revision, versionOf(number));
    const before = keeper.current().revision;
    let isOver = false;
    const reloading = keeper.reload().then((reloaded) => {
      isOver = true;
      return reloaded;
    });
    for (let at = 0; at < decisionsEach; at++) {
      const request = requests[at];
      if (request !== undefined) decide(request);
      if (at % 200 === 199 && !isOver) await new Promise((done) => setImmediate(done));
    }
    const { outcome } = await reloading;
    if (outcome === 'swapped') seen.swapped++;
    if (outcome === 'failing') seen.failing++;
    if (isBroken(number) && keeper.current().revision !== before) seen.changedByBroken++;
    if (isBroken(number) !== (outcome === 'failing')) t.fail(`${number}: ${outcome}`);
  }

  t.match(seen, { decisions: 1_000_000, wrong: 0, swapped: 900, failing: 100, changedByBroken: 0 });
  t.ok(seen.allowed > 50_000, `${seen.allowed} allowed`);
  t.ok(revisionsUsed.size > 800, `${revisionsUsed.size} versions decided`);
});
