import t from 'tap';
import type { AuditEntry } from '../../src/core/audit-entry.ts';
import { createRejected } from '../../src/listeners/rejected.ts';
import { until } from './audit/entries.ts';

const collect = () => {
  const lines: AuditEntry[] = [];
  const state = { full: false };
  const record = async (entry: AuditEntry): Promise<void> => {
    if (state.full) throw new Error('no space left');
    lines.push(entry);
  };
  return { lines, state, record };
};

t.test('nothing counted, nothing told', async (t) => {
  const { lines, record } = collect();
  await createRejected({ record }).close();
  t.same(lines, []);
});

t.test('a flood of requests makes one line, at the latest at the end', async (t) => {
  const { lines, record } = collect();
  const rejected = createRejected({ record });
  for (let at = 0; at < 1000; at += 1) rejected.count('request.unverified');
  rejected.count('request.stale');
  t.same(lines, []);
  await rejected.close();
  t.same(lines, [{ kind: 'rejected', counts: { 'request.unverified': 1000, 'request.stale': 1 } }]);
});

t.test('a line comes by itself after a while, and begins anew', async (t) => {
  const { lines, record } = collect();
  const rejected = createRejected({ record, everyMs: 5 });
  rejected.count('request.stale');
  await until(() => lines.length === 1);
  rejected.count('request.malformed');
  await until(() => lines.length === 2);
  t.same(lines, [
    { kind: 'rejected', counts: { 'request.stale': 1 } },
    { kind: 'rejected', counts: { 'request.malformed': 1 } },
  ]);
  await rejected.close();
});

t.test('what could not be written is counted into the next line', async (t) => {
  const { lines, state, record } = collect();
  const rejected = createRejected({ record, everyMs: 5 });
  state.full = true;
  rejected.count('request.stale');
  await new Promise((resolve) => setTimeout(resolve, 20));
  rejected.count('request.stale');
  state.full = false;
  await rejected.close();
  t.same(lines, [{ kind: 'rejected', counts: { 'request.stale': 2 } }]);
});
