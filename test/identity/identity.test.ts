import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import jwt from 'jsonwebtoken';
import t from 'tap';
import { createRunIds } from '../../src/identity/run-ids.ts';
import { createSeal } from '../../src/identity/seal.ts';
import { createTickets } from '../../src/identity/tickets.ts';

t.test('run ids', async (t) => {
  const ids = createRunIds('a secret');
  t.match(ids('slack:T1/123.456'), /^r[0-9a-hjkmnp-tv-z]{20}$/);
  t.equal(ids('slack:T1/1'), ids('slack:T1/1'), 'the same delivery is the same run');
  t.not(ids('slack:T1/1'), ids('slack:T1/2'));
  t.not(
    ids('slack:T1/1'),
    createRunIds('another secret')('slack:T1/1'),
    'nobody without the secret can tell it',
  );
  const many = new Set(Array.from({ length: 20_000 }, (_, at) => ids(`slack:T1/${at}`)));
  t.equal(many.size, 20_000);
});

t.test('a sealed text', async (t) => {
  const { seal, open } = createSeal('a secret', 'addresses');
  const sealed = seal('https://hooks.slack.example/commands/T1/1/abc');
  t.notMatch(sealed, /slack|abc/);
  t.not(seal('x'), seal('x'));
  t.equal(open(sealed), 'https://hooks.slack.example/commands/T1/1/abc');
  t.equal(createSeal('another', 'addresses').open(sealed), undefined, 'under another secret');
  t.equal(createSeal('a secret', 'other').open(sealed), undefined, 'for another purpose');
  for (const text of ['', 's1.', 's1.AAAA', sealed.slice(0, -2), `x${sealed}`])
    t.equal(open(text), undefined, `not ours: ${text.slice(0, 8)}`);
  fc.assert(
    fc.property(fc.nat(sealed.length - 4), (at) => {
      const flipped = sealed[at + 3] === 'A' ? 'B' : 'A';
      const changed = sealed.slice(0, at + 3) + flipped + sealed.slice(at + 4);
      // The last character holds bits that stand for nothing.
      return (
        open(changed) === undefined ||
        Buffer.from(changed.slice(3), 'base64url').equals(Buffer.from(sealed.slice(3), 'base64url'))
      );
    }),
  );
});

const claims = {
  run: 'r1',
  account: 'slack:T1/U1',
  person: 'gitlab:ana',
  channel: 'slack:T1/C1',
  command: 'lb weight',
  digest: 'ab',
  revision: 'abc123',
  project: 'ops/ansible',
};
const issuer = 'https://chatops.example';
const pem = (curve: string): string =>
  generateKeyPairSync('ec', { namedCurve: curve })
    .privateKey.export({ format: 'pem', type: 'pkcs8' })
    .toString();

t.test('a key that is no P-256 key is refused', async (t) => {
  const make = (signingKey: string) => () => createTickets({ signingKey, issuer, now: () => 0 });
  t.throws(make('no key'), { code: 'config.invalid', message: /not a private key/ });
  t.throws(make(pem('secp384r1')), { code: 'config.invalid', message: /P-256/ });
});

t.test('a ticket', async (t) => {
  const now = 1_700_000_000_000;
  const tickets = createTickets({ signingKey: pem('P-256'), issuer, now: () => now });
  t.equal(tickets.ephemeral, false);
  const [jwk] = tickets.jwks().keys;
  if (jwk === undefined) {
    t.fail('no key');
    return;
  }
  t.notOk('d' in jwk, 'only the public half is published');
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const ticket = tickets.sign(claims);
  const clockTimestamp = now / 1000;
  const check = { algorithms: ['ES256' as const], issuer, audience: 'ops/ansible', clockTimestamp };
  t.match(jwt.verify(ticket, key, check), {
    ...claims,
    sub: 'r1',
    iss: issuer,
    aud: 'ops/ansible',
    exp: clockTimestamp + 600,
  });
  t.match(jwt.decode(ticket, { complete: true }), { header: { alg: 'ES256', kid: jwk.kid } });
  t.throws(
    () => jwt.verify(ticket, key, { ...check, audience: 'ops/helm' }),
    /audience/,
    'it is for one project',
  );
  t.throws(() => jwt.verify(ticket, key, { ...check, clockTimestamp: clockTimestamp + 601 }), /expired/);
  const other = createTickets({ signingKey: undefined, issuer, now: () => now });
  t.equal(other.ephemeral, true);
  t.throws(() => jwt.verify(other.sign(claims), key, check), /signature/);
});
