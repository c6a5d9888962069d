import type { AuditEntry } from '../core/audit-entry.ts';
import type { PolicyInForce } from '../core/built-in.ts';
import { createGroups } from '../identity/groups.ts';
import type { CommandSettings } from '../policy/commands/command.ts';
import { compilePolicy, type Membership } from '../policy/compile.ts';
import { createPolicyKeeper, type Reloaded } from '../policy/keeper.ts';
import { pathAsText } from '../policy/paths.ts';
import type { Policy } from '../policy/policy.ts';
import type { PolicySource } from './policy-source.ts';

/** What keeping the policy needs. */
export interface PolicyWiring {
  readonly source: PolicySource;
  readonly settings: CommandSettings;
  readonly members: (groupPath: string) => Promise<readonly string[]>;
  /** Hears who is in which group, as soon as it is known. */
  readonly knows?: (memberships: readonly Membership[]) => void;
  readonly now: () => number;
  readonly audit: (entry: AuditEntry) => Promise<void>;
  readonly log: {
    readonly info: (fields: object, message: string) => void;
    readonly warn: (fields: object, message: string) => void;
    readonly error: (fields: object, message: string) => void;
  };
  readonly onReload?: (reloaded: Reloaded) => void;
}

const mistakeLine = ({ file, line, text }: { file: string; line: number; text: string }): string =>
  `${file}:${line}: ${text}`;

const record = ({ log, audit }: PolicyWiring, reloaded: Reloaded): void => {
  const failing = reloaded.outcome === 'failing';
  const mistakes = failing ? reloaded.mistakes.map(mistakeLine) : [];
  const revision = failing ? null : reloaded.revision;
  if (failing) {
    const { stage, away } = reloaded;
    const what = away === true ? 'GitLab cannot be asked for the policy' : 'a newer policy cannot be used';
    log.error({ stage, mistakes }, `${what}; the last good version stays in force`);
  } else log.info({ revision }, 'a new policy is in force');
  const entry = {
    kind: 'policy',
    outcome: failing ? 'refused' : 'loaded',
    revision,
    mistakes,
    ...(failing ? { stage: reloaded.stage } : {}),
  } as const;
  audit(entry).catch((err: unknown) => log.error({ err }, 'a policy load could not be audited'));
};

const inForce = (policy: Policy): PolicyInForce => ({
  revision: policy.revision,
  commands: policy.commands,
  decide: policy.decide,
  rolesOf: policy.rolesOf,
  personOf: policy.personOf,
  rulesFor: policy.rulesFor,
  pathTo: (account, who) => pathAsText(account, policy.pathTo(account, who)),
  offered: (caller, channel) =>
    policy.commands
      .map(({ name }) => name)
      .filter((command) => policy.couldAllow({ caller, channel, command })),
});

const hours = (ms: number): string => {
  const minutes = Math.round(ms / 60_000);
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
};

type Keeper = Awaited<ReturnType<typeof createPolicyKeeper>>;

/** One sentence for whoever operates the gateway. */
const standing = (keeper: Keeper, { source, now }: PolicyWiring): string => {
  const { revision } = keeper.current();
  const since = source.oldSince();
  const age = since === undefined ? '' : `, ${hours(now() - since)} old, from disk`;
  const failing = keeper.failing();
  if (failing === undefined) return `revision ${revision} is in force${age}`;
  const { stage, mistakes, away } = failing;
  if (away === true) return `revision ${revision} is in force${age}; GitLab cannot be asked for a newer one`;
  const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`;
  return `revision ${revision} is in force${age}; newer files have ${count} and are not used (${stage})`;
};

const keep = (wiring: PolicyWiring): Promise<Keeper> => {
  const { source, settings, now } = wiring;
  return createPolicyKeeper({
    read: source.read,
    using: source.used,
    compile: (files, memberships) => compilePolicy({ ...settings, files, memberships, now }),
    watch: source.watch,
    told: (reloaded) => {
      wiring.onReload?.(reloaded);
      record(wiring, reloaded);
    },
  });
};

/** The policy in force: loaded, watched, and kept in step with GitLab's groups. Rejects with every mistake when it cannot be loaded. */
export const wirePolicy = async (wiring: PolicyWiring) => {
  const { source, log, now } = wiring;
  const keeper = await keep(wiring);
  await wiring.audit({
    kind: 'policy',
    outcome: 'loaded',
    revision: keeper.current().revision,
    mistakes: [],
  });
  const groups = createGroups({
    members: wiring.members,
    groups: () => keeper.current().groups,
    onChange: (memberships) => {
      wiring.knows?.(memberships);
      return keeper.setMemberships(memberships);
    },
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
    standing: () => standing(keeper, wiring),
    hint: source.hint,
    /** Learns who is in GitLab's groups; commands that depend on them are refused until then. */
    startGroups: groups.start,
    close: (): void => {
      groups.close();
      keeper.close();
    },
  };
};
