import t from 'tap';
import { isAllowed, readAllowedHosts } from '../../../src/chat/slack/hosts.ts';

t.test('every entry that names no host is a problem of its own', async (t) => {
  const read = readAllowedHosts(['hooks.slack.com', 'a/b', 'user@host', 'http://']);
  t.equal(read.ok, false);
  if (!read.ok) t.equal(read.problems.length, 3);
});

t.test('an empty list is a problem', async (t) => t.equal(readAllowedHosts([]).ok, false));

const read = readAllowedHosts(['hooks.slack.com', 'http://127.0.0.1:3002', 'proxy.example:8443']);
const hosts = read.ok ? read.hosts : [];

const urls: Readonly<Record<string, boolean>> = {
  'https://hooks.slack.com/commands/T1': true,
  'https://hooks.slack.com:443/commands/T1': true,
  'http://127.0.0.1:3002/commands/T1': true,
  'https://proxy.example:8443/x': true,
  'http://hooks.slack.com/commands/T1': false,
  'https://hooks.slack.com:444/commands/T1': false,
  'https://hooks.slack.com.evil.example/': false,
  'https://hooks.slack.com@evil.example/': false,
  'https://user:pw@hooks.slack.com/': false,
  'https://127.0.0.1:3002/': false,
  'http://127.0.0.1:3003/': false,
  'file:///etc/passwd': false,
  'not a url': false,
};

for (const [url, expected] of Object.entries(urls)) {
  t.test(`${url} ${expected ? 'may' : 'must not'} be called`, async (t) =>
    t.equal(isAllowed(hosts, url), expected),
  );
}
