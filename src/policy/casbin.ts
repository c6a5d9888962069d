import { Enforcer, FunctionMap, newModelFromString, type RoleManager } from 'casbin';
import { GatewayError } from '../core/errors.ts';
import type { Input } from '../core/input.ts';
import { decisive, type IndexedRule } from './candidates.ts';
import { commandMatches } from './command-pattern.ts';
import { applies } from './condition/compile.ts';
import type { Roles } from './roles.ts';
import type { Conditions } from './rules.ts';

/** What Casbin answered over the rules it was given, and the rule that decided. */
export interface Ruling {
  readonly allowed: boolean;
  readonly by: IndexedRule | undefined;
}

/** Asks Casbin over those of the candidates that apply to the input. Throws a GatewayError when Casbin fails: nothing is allowed then. */
export type AskCasbin = (
  candidates: readonly IndexedRule[],
  request: {
    readonly caller: string;
    readonly channel: string;
    readonly command: string;
    readonly input: Input;
  },
) => Ruling;

const fixed = (): never => {
  throw new Error('a compiled policy never changes');
};

/** Answers Casbin's g and g2 from the memberships computed once. */
const roleManagerOf = (roles: Roles): RoleManager => ({
  clear: fixed,
  addLink: fixed,
  deleteLink: fixed,
  printRoles: fixed,
  getDomains: fixed,
  getAllDomains: fixed,
  syncedHasLink: (name, group) => roles.closure(name).has(group),
  hasLink: async (name, group) => roles.closure(name).has(group),
  getRoles: async (name) => [...roles.closure(name)].slice(1),
  getUsers: async (group) => [...roles.members(group)],
});

const holdsWith =
  (conditions: Conditions) =>
  (input: Input, text: string, effect: string): boolean => {
    const known = conditions.get(text);
    if (known === undefined) throw new Error(`condition ${JSON.stringify(text)} was never compiled`);
    return applies(known.ask(input), effect);
  };

const internal = (message: string, cause?: unknown): GatewayError =>
  new GatewayError('internal', message, { cause });

const createEnforcer = (model: string, conditions: Conditions, people: Roles, channels: Roles) => {
  const enforcer = new Enforcer();
  enforcer.setModel(newModelFromString(model));
  // Casbin copies all functions it knows for every rule. Without its own ten, of which the model calls none, that takes half
  // the time, and its unanchored, unbounded regexMatch is out of reach.
  const functions = new FunctionMap();
  functions.addFunction('commandMatch', commandMatches);
  functions.addFunction('holds', holdsWith(conditions));
  Object.assign(enforcer, { fm: functions });
  const definitions = enforcer.getModel().model;
  const rules = definitions.get('p')?.get('p');
  const g = definitions.get('g')?.get('g');
  const g2 = definitions.get('g')?.get('g2');
  if (rules === undefined || g === undefined || g2 === undefined)
    throw internal('model.conf defines no p, g or g2, so no decision can be made');
  g.rm = roleManagerOf(people);
  g2.rm = roleManagerOf(channels);
  return { enforcer, rules };
};

/** One private enforcer. Before each question its rules are replaced by the candidates, without a pause in which anybody else could ask. */
export const createAskCasbin = (
  model: string,
  conditions: Conditions,
  people: Roles,
  channels: Roles,
): AskCasbin => {
  const { enforcer, rules } = createEnforcer(model, conditions, people, channels);
  return (candidates, { caller, channel, command, input }) => {
    try {
      const rows = decisive(candidates, input);
      // Over no rules at all Casbin evaluates the matcher once with empty texts; that must never be able to allow.
      if (rows.length === 0) return { allowed: false, by: undefined };
      rules.policy = rows.map(({ row }) => row);
      const [allowed, row] = enforcer.enforceExSync(caller, channel, command, input);
      const by = rows.find((one) => (one.row as unknown) === row);
      if (allowed && by === undefined) throw new Error('Casbin allowed without naming a rule');
      return { allowed, by };
    } catch (thrown) {
      throw internal(`asking Casbin about ${command} for ${caller} failed`, thrown);
    }
  };
};
