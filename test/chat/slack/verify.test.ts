import t from 'tap';
import { type Evidence, replayKey, verifySlack } from '../../../src/chat/slack/verify.ts';
import { genuine, published, slackHeaders } from './signed.ts';

const headers = {
  'x-slack-request-timestamp': published.timestamp,
  'x-slack-signature': published.signature,
};
const example: Evidence = {
  rawBody: Buffer.from(published.body),
  headers,
  now: Number(published.timestamp) * 1000,
  secrets: [published.secret],
  toleranceSeconds: 300,
};
const withSignature = (value: string | readonly string[] | undefined): Partial<Evidence> => ({
  headers: { ...headers, 'x-slack-signature': value },
});
const withTimestamp = (value: string | undefined): Partial<Evidence> => ({
  headers: { ...headers, 'x-slack-request-timestamp': value },
});

const refused: Readonly<
  Record<string, readonly [Partial<Evidence>, 'request.unverified' | 'request.stale']>
> = {
  'one flipped byte in the body': [
    { rawBody: Buffer.from(published.body.replace('roadrunner', 'roadrunnes')) },
    'request.unverified',
  ],
  'another secret': [{ secrets: ['another'] }, 'request.unverified'],
  'no secret at all': [{ secrets: [] }, 'request.unverified'],
  'no signature': [withSignature(undefined), 'request.unverified'],
  'a signature sent twice': [withSignature([published.signature, published.signature]), 'request.unverified'],
  'a signature sent twice and joined': [
    withSignature(`${published.signature}, ${published.signature}`),
    'request.unverified',
  ],
  'a signature that is too short': [withSignature(published.signature.slice(0, -2)), 'request.unverified'],
  'a signature that is too long': [withSignature(`${published.signature}00`), 'request.unverified'],
  'a signature that is not hexadecimal': [withSignature(`v0=${'z'.repeat(64)}`), 'request.unverified'],
  'a signature of another version': [
    withSignature(published.signature.replace('v0', 'v1')),
    'request.unverified',
  ],
  'no timestamp': [withTimestamp(undefined), 'request.unverified'],
  'a timestamp that is not a number': [withTimestamp('now'), 'request.unverified'],
  'a timestamp that was not the signed one': [withTimestamp('1531420619'), 'request.unverified'],
  'a stale request': [{ now: example.now + 300_001 }, 'request.stale'],
  'a request from the future': [{ now: example.now - 300_001 }, 'request.stale'],
};

for (const [name, [change, code]] of Object.entries(refused)) {
  t.test(`${name} is refused`, async (t) => {
    const verdict = verifySlack({ ...example, ...change });
    t.match(verdict, { ok: false, code });
    if (!verdict.ok) t.notMatch(verdict.because, published.secret);
  });
}

t.test('an empty secret, whose signatures anybody can make, is refused', async (t) => {
  const headers = slackHeaders('', published.timestamp, published.body);
  t.match(verifySlack({ ...example, headers, secrets: [''] }), { ok: false, code: 'request.unverified' });
});

const accepted: Readonly<Record<string, Partial<Evidence>>> = {
  "Slack's published example": {},
  'a request at the old edge of the window': { now: example.now + 300_000 },
  'a request at the future edge of the window': { now: example.now - 300_000 },
  'a request signed with the older of two secrets': { secrets: ['new', published.secret] },
};

for (const [name, change] of Object.entries(accepted)) {
  t.test(`${name} is genuine`, async (t) => t.equal(verifySlack({ ...example, ...change }).ok, true));
}

t.test('a request is known again by its signature, without showing it', async (t) => {
  const [one, other] = [genuine('a=1'), genuine('a=2')];
  t.equal(replayKey(one), replayKey(genuine('a=1')));
  t.not(replayKey(one), replayKey(other));
  t.notMatch(replayKey(one), one.signature.slice(3));
});
