import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { createAudit } from '../../src/listeners/audit.ts';
import { type AuditSinkPlaces, createAuditSinks } from '../../src/listeners/audit-sinks.ts';
import { keys } from './audit/a-log.ts';
import { entry, linesOf, until } from './audit/entries.ts';
import { type Answer, type Came, createReceiver } from './audit/sinks/receiver.ts';

const now = (): number => 1_700_000_000_000;
const retry = { firstMs: 5, mostMs: 20 };
const { signingKey } = keys();
const nowhere: AuditSinkPlaces = { stdout: false, webhook: undefined, elasticsearch: undefined };
const webhook = { url: 'https://siem.example/in', secret: `whsec_${'x'.repeat(32)}` };
const elasticsearch = { url: 'https://es.example/audit', apiKey: undefined };

const textsOf = (came: readonly Came[]): readonly string[] =>
  came.flatMap(({ body }) => JSON.parse(body).data.lines.map(({ text }: { text: string }) => text));

/** A gateway's audit with its sinks. */
const start = async (path: string, places: Partial<AuditSinkPlaces>, answer: (came: Came) => Answer) => {
  const audit = await createAudit({ path, now, write: () => undefined, signingKey });
  const printed: string[] = [];
  const said: string[] = [];
  const { came, fetch } = createReceiver(answer);
  const sinks = await createAuditSinks({
    audit,
    places: { ...nowhere, ...places },
    fetch,
    now,
    retry,
    write: (line) => printed.push(line),
    problem: (words) => said.push(words),
  });
  const close = async (withinMs?: number): Promise<void> => {
    await audit.close();
    await sinks.close(withinMs);
  };
  return { audit, sinks, came, printed, said, close };
};
const well = (): Answer => ({ status: 200 });
const everything = (path: string): readonly string[] => [...linesOf(path), ...linesOf(`${path}.checkpoints`)];

t.test('a receiver that is away delays nobody, and gets everything when it is back', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  let away = true;
  const gateway = await start(path, { stdout: true, webhook }, () => (away ? 'reset' : { status: 200 }));
  for (let at = 0; at < 20; at += 1) await gateway.audit.record(entry(`r${at}`));
  await until(() => gateway.came.length > 2 && gateway.printed.length === 20);
  t.match(gateway.sinks.health(), [
    { sink: 'stdout', lag: 0, problem: undefined },
    { sink: 'webhook', lag: 20, problem: /ECONNRESET/, passedOver: 0 },
  ]);
  t.equal(gateway.said.length, 1, 'it is said once, not for each try');
  away = false;
  await until(() => gateway.sinks.health().every(({ lag }) => lag === 0));
  await gateway.close();
  t.same(
    textsOf(gateway.came.slice(-2)).slice(-1),
    linesOf(`${path}.checkpoints`),
    'the last checkpoint, too',
  );
  t.same(gateway.printed, everything(path));
  t.match(gateway.said, [/does not reach webhook/, /goes to webhook again/]);
});

t.test('what was not sent goes out after a restart, and nothing twice after a clean end', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const first = await start(path, { webhook }, () => ({ status: 503 }));
  await first.audit.record(entry('r1'));
  await first.close(10);
  const second = await start(path, { webhook }, well);
  await second.audit.record(entry('r2'));
  await second.close();
  const third = await start(path, { webhook }, well);
  await third.audit.record(entry('r3'));
  await third.close();
  const sent = [...textsOf(second.came), ...textsOf(third.came)];
  t.same(sent.toSorted(), everything(path).toSorted());
});

t.test('a receiver that never answers does not keep the gateway from ending', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const gateway = await start(path, { webhook }, () => 'silence');
  await gateway.audit.record(entry('r1'));
  await until(() => gateway.came.length > 0);
  await gateway.close(20);
  t.match(gateway.sinks.health(), [{ lag: 1 }]);
});

t.test('a cursor that cannot be read, or belongs to another file, means: from the beginning', async (t) => {
  const cursors = ['hello', '{"file":"x","lines":3,"seq":1,"checkpoints":0}', '{"file":1,"lines":-1}', ''];
  for (const cursor of cursors) {
    const path = join(t.testdir({ 'audit.jsonl.webhook.cursor': cursor }), 'audit.jsonl');
    const gateway = await start(path, { webhook }, well);
    await gateway.audit.record(entry('r1'));
    await gateway.close();
    t.same(textsOf(gateway.came), everything(path), cursor);
  }
});

t.test('a file that began anew is sent from its beginning', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const first = await start(path, { webhook }, well);
  await first.audit.record(entry('r1'));
  await first.close();
  t.match(JSON.parse(readFileSync(`${path}.webhook.cursor`, 'utf8')), { seq: 1 });
  writeFileSync(path, '');
  writeFileSync(`${path}.checkpoints`, '');
  const second = await start(path, { webhook }, well);
  await second.audit.record(entry('new'));
  await second.close();
  t.same(textsOf(second.came), everything(path));
});

t.test('a file that was put in the place of another is sent from its beginning', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const first = await start(path, { webhook }, well);
  await first.audit.record(entry('r1'));
  await first.close();
  const lines = ['other-1', 'other-2'].map(
    (run) =>
      `{"seq":1,"at":"2026-11-21T00:00:00Z","prev":"${'0'.repeat(64)}","kind":"restored","run":"${run}"}`,
  );
  writeFileSync(path, `${lines.join('\n')}\n`);
  const second = await start(path, { webhook }, well);
  await second.close();
  t.same(textsOf(second.came).slice(0, 2), lines);
});

t.test('bytes that are not on disk as lines are not sent', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const gateway = await start(path, { webhook }, well);
  await gateway.audit.record(entry('r1'));
  appendFileSync(path, '{"half":1}\n');
  await until(() => gateway.came.length > 0);
  await gateway.close();
  t.notMatch(textsOf(gateway.came).join(), /half/);
});

t.test(
  'what is too large goes in smaller parts, and a line that is too large alone is left out',
  async (t) => {
    const path = join(t.testdir(), 'audit.jsonl');
    const tooLarge = ({ body }: Came): Answer => ({ status: body.length > 1500 ? 413 : 200 });
    const gateway = await start(path, { webhook }, tooLarge);
    const runs = ['a', 'b', 'x'.repeat(2000), 'c', 'd', 'e', 'f', 'g'];
    await Promise.all(runs.map((run) => gateway.audit.record(entry(run))));
    await until(() => gateway.sinks.health().every(({ lag }) => lag === 0));
    await gateway.close();
    const taken = gateway.came.filter(({ body }) => body.length <= 1500);
    t.same(
      textsOf(taken).toSorted(),
      everything(path)
        .filter((line) => line.length < 1500)
        .toSorted(),
    );
    t.match(gateway.sinks.health(), [{ passedOver: 1, problem: undefined }]);
    t.match(gateway.said, [/leaves out a line for webhook: [0-9a-f]{64} is too large/]);
  },
);

t.test('a document that is refused for good does not hold up the others', async (t) => {
  const path = join(t.testdir(), 'audit.jsonl');
  const taken: string[] = [];
  const gateway = await start(path, { elasticsearch }, ({ body }) => {
    const rows = body.trimEnd().split('\n');
    const items = rows.flatMap((row, at) => {
      if (at % 2 === 0) return [];
      const bad = row.includes('bad');
      if (!bad) taken.push(JSON.parse(row).event.original);
      return [{ create: { status: bad ? 400 : 201 } }];
    });
    return { status: 200, body: JSON.stringify({ items }) };
  });
  for (const run of ['r1', 'bad', 'r3']) await gateway.audit.record(entry(run));
  await gateway.close();
  t.same(
    taken,
    everything(path).filter((line) => !line.includes('bad')),
  );
  t.match(gateway.said, [/leaves out a line for elasticsearch: document/]);
});

t.test('without a file there is nothing to follow', async (t) => {
  const audit = await createAudit({ path: undefined, now, write: () => undefined });
  const { fetch } = createReceiver(well);
  const places = { ...nowhere, stdout: true };
  const sinks = await createAuditSinks({
    audit,
    places,
    fetch,
    now,
    write: () => undefined,
    problem: () => undefined,
  });
  t.same(sinks.health(), []);
  await sinks.close();
});
