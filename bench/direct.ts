/** How long a person in the sandbox waits for a direct command: from the page's own request until the answer is on the page. */
import { freePort } from '../test/support/gateway-process.ts';
import { machineLine } from './measuring/machine.ts';
import { median, printTable, quantile } from './measuring/numbers.ts';
import { type Program, startProgram } from './measuring/programs.ts';

const warmUp = 20;
const count = 200;
const where = { as: 'U0ANA', channel: 'C0OPSPROD' };

const startSandbox = async (): Promise<Program> => {
  const port = String(await freePort());
  return startProgram({
    args: ['dist/cli/main.js', 'sandbox'],
    env: { SANDBOX_PORT: port },
    url: (printed) => (printed.includes('is ready') ? `http://127.0.0.1:${port}` : undefined),
    readyPath: '/',
  });
};

/** Calls `heard` for every message of the app that the page is told of. */
const listen = async (url: string, heard: (text: string) => void): Promise<void> => {
  const response = await fetch(`${url}/sandbox/events?as=${where.as}`);
  const decoder = new TextDecoder();
  let rest = '';
  const read = async (): Promise<void> => {
    for await (const chunk of response.body ?? []) {
      const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events)
        if (event.startsWith('event: message') && event.includes('"from":"app"')) heard(event);
    }
  };
  // The line breaks when the sandbox ends.
  read().catch(() => undefined);
};

console.log(machineLine());
const sandbox = await startSandbox();
let heard: (text: string) => void = () => undefined;
await listen(sandbox.url, (text) => heard(text));

const once = async (): Promise<number> => {
  const answered = new Promise<string>((resolve) => {
    heard = resolve;
  });
  const began = performance.now();
  await fetch(`${sandbox.url}/sandbox/type`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...where, text: '/chatops flag get checkout-v2' }),
  });
  const text = await answered;
  const ms = performance.now() - began;
  if (!text.includes('checkout-v2')) throw new Error(`this is no answer: ${text}`);
  return ms;
};

for (let at = 0; at < warmUp; at += 1) await once();
const times: number[] = [];
for (let at = 0; at < count; at += 1) times.push(await once());
printTable(
  ['flag get in the sandbox', 'median ms', 'p95 ms', 'longest ms'],
  [[`${count} in turn`, median(times), quantile(times, 0.95), Math.max(...times)]],
);
await sandbox.end();
process.exit();
