import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Started, startFake } from './gitlab.ts';

/** A policy file with the rule that the seeded merge request is about. */
export const policyCsv = `# Who may do what
p, role:sre, channels:ops, *, *, allow
# Changing flags and moving traffic: in staging, and traffic only a quarter of it at most.
p, role:dev, channels:dev, lb *, env = staging and weight <= 25, allow
p, *, *, lb weight, env = production and weight > 50, deny
`;

/** The address of the policy project in the API. */
export const policies = '/projects/chatops%2Fpolicies';

/** Starts a GitLab whose policy project holds these files. */
export async function startWithPolicies(
  t: Parameters<typeof startFake>[0],
  files: Readonly<Record<string, string>> = { 'policy.csv': policyCsv, 'commands/lb.yml': 'name: lb\n' },
  options: Parameters<typeof startFake>[1] = {},
): Promise<Started> {
  const policiesDir = mkdtempSync(join(tmpdir(), 'sandbox-policies-'));
  t.teardown(async () => rmSync(policiesDir, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(policiesDir, path, '..'), { recursive: true });
    writeFileSync(join(policiesDir, path), content);
  }
  return startFake(t, { policiesDir, ...options });
}

/** The tokens of the sandbox's people. */
export const tokens = {
  ana: 'glpat-sandbox-ana',
  bo: 'glpat-sandbox-bo',
  carol: 'glpat-sandbox-carol',
  gus: 'glpat-sandbox-gus',
} as const;
