import { type Compiled, compilePolicy, type Membership } from '../../src/policy/compile.ts';
import { type PolicyFiles, policyFilesOf } from '../../src/policy/files.ts';
import { mistakesAsText } from '../../src/policy/mistakes.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { uses } from '../../src/wiring/effects.ts';

/** The one model, as policies/model.conf has it. */
export const model = `[request_definition]
r = caller, channel, command, input
[policy_definition]
p = who, channel, command, condition, eft
[role_definition]
g = _, _
g2 = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = (p.who == "*" || g(r.caller, p.who)) && (p.channel == "*" || g2(r.channel, p.channel)) && commandMatch(r.command, p.command) && holds(r.input, p.condition, p.eft)
`;

export const lbWeight = `name: lb weight
summary: Change the share of traffic
mode: wait
inputs:
  backend: { type: string, options: [web, api] }
  weight: { type: integer, min: 0, max: 100 }
  env: { type: string, options: [staging, production], default: staging }
  note: { type: string, required: false }
pipeline: { project: ops/ansible, ref: main }
`;

export const release = `name: release
summary: Release a version
mode: link
inputs:
  version: { type: string, pattern: 'v[0-9]+' }
  dry: { type: boolean, default: false }
pipeline: { project: ops/helm, ref: main }
`;

/** Ana is SRE through a GitLab group, Bo is a developer, both linked to GitLab users. */
export const links = `g, slack:T1/UANA, gitlab:ana
g, gitlab:ana, gitlab-group:ops/sre
g, gitlab-group:ops/sre, role:sre
g, slack:T1/UBO, gitlab:bo
g, gitlab:bo, role:dev
g2, slack:T1/COPS, channels:ops
g2, slack:T1/CDEV, channels:dev
`;

/** A moment of 21 November 2026. */
export const today = Date.UTC(2026, 10, 21, 12);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A folder with this policy.csv; further files replace or add to the two commands. */
export const filesWith = (csv: string, more: Readonly<Record<string, string>> = {}): PolicyFiles => {
  const all = {
    'model.conf': model,
    'policy.csv': csv,
    'commands/lb-weight.yml': lbWeight,
    'commands/release.yml': release,
    ...more,
  };
  const read = policyFilesOf(new Map(Object.entries(all).map(([name, text]) => [name, bytes(text)])));
  if (!read.ok) throw new Error(mistakesAsText(read.mistakes));
  return read.files;
};

export const compileFiles = (
  files: PolicyFiles,
  memberships: readonly Membership[] = [],
  now: () => number = () => today,
): Compiled => compilePolicy({ files, memberships, reserved: ['help', 'run'], uses, now });

/** A compiled policy; throws when it has mistakes. */
export const policyWith = (csv: string, memberships: readonly Membership[] = []): Policy => {
  const compiled = compileFiles(filesWith(csv), memberships);
  if (!compiled.ok) throw new Error(mistakesAsText(compiled.mistakes));
  return compiled.policy;
};

/** The mistakes of a policy as lines; empty when it has none. */
export const mistakesOf = (csv: string, more: Readonly<Record<string, string>> = {}): readonly string[] => {
  const compiled = compileFiles(filesWith(csv, more));
  return compiled.ok ? [] : compiled.mistakes.map((mistake) => mistakesAsText([mistake]));
};
