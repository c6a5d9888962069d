import t from 'tap';
import { createLog } from '../../src/http/log.ts';

const secrets: Readonly<Record<string, object>> = {
  'a token': { token: 's3cret' },
  'a response_url': { response_url: 's3cret' },
  'a signature among headers': { headers: { 'x-slack-signature': 's3cret' } },
  'a GitLab token among the headers of a request': { req: { headers: { 'private-token': 's3cret' } } },
  'a password one level down': { redis: { password: 's3cret' } },
};

for (const [name, fields] of Object.entries(secrets)) {
  t.test(`${name} never reaches a log line`, async (t) => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', stream: { write: (line) => void lines.push(line) } });
    log.info(fields, 'something happened');
    t.equal(lines.length, 1);
    t.match(lines[0], 'something happened');
    t.notMatch(lines[0], 's3cret');
  });
}

t.test('what is below the level is not written', async (t) => {
  const lines: string[] = [];
  const log = createLog({ level: 'warn', stream: { write: (line) => void lines.push(line) } });
  log.info({}, 'quiet');
  t.same(lines, []);
});
