import { requiredText, rows, text, truth } from '../fields.ts';
import { type Fields, isRecord } from '../form.ts';
import { unprocessable } from '../refusal.ts';
import type { Call } from '../route.ts';
import type { FlagStrategy } from '../world.ts';

type Scope = FlagStrategy['scopes'][number];

/** Strategies and the parameters each must carry (https://docs.gitlab.com/api/feature_flags/#create-a-feature-flag). */
const parametersOf: Readonly<Record<string, readonly string[]>> = {
  default: [],
  gradualRolloutUserId: ['groupId', 'percentage'],
  flexibleRollout: ['groupId', 'rollout', 'stickiness'],
  userWithId: ['userIds'],
};

/**
 * The strategies after a change: rows with an `id` change or (`_destroy`) remove that one, others are added;
 * what is not named stays. Throws a 422 Refusal for strategies that GitLab would not save.
 */
export function changedStrategies(call: Call, before: readonly FlagStrategy[]): readonly FlagStrategy[] {
  const given = rows(call.fields, 'strategies') ?? [];
  return changed(given, before, 'Strategies', (row, old) => strategy(call, row, old));
}

function strategy(call: Call, row: Fields, old: FlagStrategy | undefined): FlagStrategy {
  const name = text(row, 'name') ?? old?.name ?? '';
  const parameters = isRecord(row.parameters) ? asText(row.parameters) : (old?.parameters ?? {});
  const wanted = parametersOf[name];
  if (!wanted) throw unprocessable(['Strategies name strategy name is invalid']);
  if (Object.keys(parameters).toSorted().join() !== wanted.join()) {
    throw unprocessable(['Strategies parameters parameters are invalid']);
  }
  const scopes = changed(rows(row, 'scopes') ?? [], old?.scopes ?? [], 'Scopes', (one, kept) =>
    scope(call, one, kept),
  );
  // A strategy without any scope counts for all environments.
  const everywhere: Scope = { id: call.world.nextId(), environment_scope: '*' };
  const id = old?.id ?? call.world.nextId();
  return { id, name, parameters, scopes: scopes.length > 0 ? scopes : [everywhere] };
}

function scope(call: Call, row: Fields, old: Scope | undefined): Scope {
  const environment = text(row, 'environment_scope') ?? old?.environment_scope ?? '';
  if (environment.trim() === '') throw unprocessable(["Strategies scopes environment scope can't be blank"]);
  return { id: old?.id ?? call.world.nextId(), environment_scope: environment };
}

function changed<T extends { readonly id: number }>(
  given: readonly Fields[],
  before: readonly T[],
  what: string,
  make: (row: Fields, old: T | undefined) => T,
): readonly T[] {
  const after = new Map(before.map((one) => [one.id, one]));
  for (const row of given) {
    const id = row.id === undefined ? undefined : Number(requiredText(row, 'id'));
    const old = id === undefined ? undefined : after.get(id);
    if (id !== undefined && !old) throw unprocessable([`${what} with ID ${id} not found`]);
    if (old && truth(row, '_destroy')) after.delete(old.id);
    else {
      const next = make(row, old);
      after.set(next.id, next);
    }
  }
  return [...after.values()];
}

function asText(parameters: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
}
