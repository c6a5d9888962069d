import type { Phase } from '../../core/pipelines.ts';
import type { Tone } from '../../core/reply.ts';

/** The sign before the title: the verdict at a glance, the title says it in words. */
export const toneGlyph: Readonly<Record<Tone, string>> = {
  busy: '🔵',
  waiting: '⏸️',
  good: '✅',
  warned: '⚠️',
  bad: '❌',
  stopped: '⏹️',
  refused: '🚫',
  note: 'ℹ️',
};

/** The sign before a stage or job. */
export const phaseGlyph: Readonly<Record<Phase, string>> = {
  pending: '⚪',
  going: '🔵',
  manual: '⏸️',
  succeeded: '✅',
  warned: '⚠️',
  failed: '❌',
  canceled: '⏹️',
  skipped: '⏭️',
};

/** The same in words, where the sign alone would leave somebody guessing; empty where a duration says enough. */
export const phaseWord: Readonly<Record<Phase, string>> = {
  pending: '',
  going: 'running',
  manual: 'waits for a person',
  succeeded: '',
  warned: 'failed (allowed)',
  failed: 'failed',
  canceled: 'canceled',
  skipped: 'skipped',
};

/** `8s`, `3m 04s`, `1h 02m`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (count: number) => String(count).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m ${two(whole % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
}
