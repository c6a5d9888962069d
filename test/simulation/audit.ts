import type { AuditEntry, AuditLine } from '../../src/core/audit-entry.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { Dice } from '../faults/dice.ts';
import type { Faults } from './faults.ts';
import type { Life, Scheduler } from './scheduler.ts';

/** One line, and when it came to be on disk by nobody's clock but the world's. */
export interface DurableLine {
  readonly line: AuditLine;
  readonly durableAt: number;
}

/** The disk of one instance: it outlives its lives. */
export interface Disk {
  readonly lines: DurableLine[];
  fullUntil: number;
}

export const newDisk = (): Disk => ({ lines: [], fullUntil: 0 });

export interface AuditParts {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly dice: Dice;
}

const againMs = 1000;

/** The audit of one life, on the disk of its instance: lines come to be durable in the order in which they are told. */
export const openSimulatedAudit = (parts: AuditParts, disk: Disk, life: Life, now: () => number) => {
  const { scheduler, faults, dice } = parts;
  let lastAt = 0;

  const inOrder = (act: () => void): void => {
    lastAt = Math.max(
      lastAt,
      scheduler.now() + (dice.chance(0.05) ? dice.between(5, 400) : dice.between(0, 6)),
    );
    scheduler.after(lastAt - scheduler.now(), life, act);
  };

  const isFull = (): boolean => scheduler.now() < disk.fullUntil;

  const append = (entry: AuditEntry, at: number): void => {
    const line = { ...structuredClone(entry), seq: disk.lines.length, at } as AuditLine;
    disk.lines.push({ line, durableAt: scheduler.now() });
    faults.reached(`audit.${entry.kind}`, 'done', life);
  };

  const record = (entry: AuditEntry): Promise<void> =>
    new Promise((resolve, reject) => {
      if (life.dead) return;
      faults.reached(`audit.${entry.kind}`, 'asked', life);
      const at = now();
      inOrder(() => {
        if (isFull())
          return reject(new GatewayError('accept.unavailable', 'writing the audit: the disk is full'));
        append(entry, at);
        scheduler.after(1, life, resolve);
      });
    });

  const note = (entry: AuditEntry): Promise<void> =>
    new Promise((resolve) => {
      if (life.dead) return;
      faults.reached(`audit.${entry.kind}`, 'asked', life);
      const at = now();
      const write = (): void => {
        if (!isFull()) {
          append(entry, at);
          scheduler.after(1, life, resolve);
          return;
        }
        resolve();
        scheduler.after(againMs, life, () => inOrder(write), 'timer');
      };
      inOrder(write);
    });

  const readBack = (since: number): Promise<readonly AuditLine[]> =>
    new Promise((resolve) => {
      scheduler.after(dice.between(1, 10), life, () =>
        resolve(disk.lines.map(({ line }) => line).filter(({ at }) => at >= since)),
      );
    });

  return { record, note, readBack };
};
