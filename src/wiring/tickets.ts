import type { Config } from '../config.ts';
import { canonicalText } from '../core/canonical.ts';
import type { Run } from '../core/run.ts';
import { createTickets } from '../identity/tickets.ts';
import { digestOf } from './digest.ts';

/** The tickets that pipelines carry, and the one for a given run. */
export const wireTickets = (config: Config, now: () => number) => {
  const tickets = createTickets({ signingKey: config.signingKey, issuer: config.http.publicUrl, now });
  const ticketFor = (run: Run, project: string): string => {
    const { id, caller, channel, command, input, revision } = run;
    const digest = digestOf(canonicalText(command, input));
    const person = caller.person ?? null;
    return tickets.sign({
      run: id,
      account: caller.account,
      person,
      channel: channel.id,
      command,
      digest,
      revision,
      project,
    });
  };
  return { tickets, ticketFor };
};
