import type { AuditEntry } from '../core/audit-entry.ts';
import type { PolicyInForce } from '../core/built-in.ts';
import { createGroups } from '../identity/groups.ts';
import type { UseDeclaration } from '../policy/commands/use.ts';
import { compilePolicy } from '../policy/compile.ts';
import { readPolicyFolder } from '../policy/folder.ts';
import { createPolicyKeeper, type Reloaded } from '../policy/keeper.ts';
import type { Policy } from '../policy/policy.ts';
import { watchPolicyFolder } from '../policy/watch.ts';

/** What keeping the policy needs. */
export interface PolicyWiring {
  readonly folder: string;
  readonly reserved: readonly string[];
  readonly uses: readonly UseDeclaration[];
  readonly members: (groupPath: string) => Promise<readonly string[]>;
  readonly now: () => number;
  readonly audit: (entry: AuditEntry) => Promise<void>;
  readonly log: {
    readonly info: (fields: object, message: string) => void;
    readonly warn: (fields: object, message: string) => void;
    readonly error: (fields: object, message: string) => void;
  };
  readonly onReload?: (outcome: Reloaded['outcome']) => void;
}

const mistakeLine = ({ file, line, text }: { file: string; line: number; text: string }): string =>
  `${file}:${line}: ${text}`;

const told =
  ({ log, audit, onReload }: PolicyWiring) =>
  (reloaded: Reloaded): void => {
    onReload?.(reloaded.outcome);
    const failing = reloaded.outcome === 'failing';
    const mistakes = failing ? reloaded.mistakes.map(mistakeLine) : [];
    const revision = failing ? null : reloaded.revision;
    if (failing) log.error({ mistakes }, 'the policies have mistakes; the last good version stays in force');
    else log.info({ revision }, 'a new policy is in force');
    const entry = { kind: 'policy', outcome: failing ? 'refused' : 'loaded', revision, mistakes } as const;
    audit(entry).catch((err: unknown) => log.error({ err }, 'a policy load could not be audited'));
  };

const inForce = (policy: Policy): PolicyInForce => ({
  revision: policy.revision,
  commands: policy.commands,
  decide: policy.decide,
  rolesOf: policy.rolesOf,
  personOf: policy.personOf,
  offered: (caller, channel) =>
    policy.commands
      .map(({ name }) => name)
      .filter((command) => policy.couldAllow({ caller, channel, command })),
});

/** The policy in force: loaded, watched, and kept in step with GitLab's groups. Rejects with every mistake when it cannot be loaded. */
export const wirePolicy = async (wiring: PolicyWiring) => {
  const { folder, reserved, uses, log, now } = wiring;
  const keeper = await createPolicyKeeper({
    read: () => readPolicyFolder(folder),
    compile: (files, memberships) => compilePolicy({ files, memberships, reserved, uses, now }),
    watch: (changed) => watchPolicyFolder(folder, { settleMs: 200, pollMs: 10_000 }, changed),
    told: told(wiring),
  });
  await wiring.audit({
    kind: 'policy',
    outcome: 'loaded',
    revision: keeper.current().revision,
    mistakes: [],
  });
  const groups = createGroups({
    members: wiring.members,
    groups: () => keeper.current().groups,
    onChange: keeper.setMemberships,
    now,
    everyMs: 60_000,
    keepForMs: 600_000,
    problem: (words, fields) => log.warn(fields, words),
  });
  let last: { readonly policy: Policy; readonly view: PolicyInForce } | undefined;
  return {
    current: (): PolicyInForce => {
      const policy = keeper.current();
      if (last?.policy !== policy) last = { policy, view: inForce(policy) };
      return last.view;
    },
    failing: keeper.failing,
    /** Learns who is in GitLab's groups; commands that depend on them are refused until then. */
    startGroups: groups.start,
    close: (): void => {
      groups.close();
      keeper.close();
    },
  };
};
