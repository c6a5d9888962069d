import t from 'tap';
import { sign } from '../../../src/sandbox/slack/signing.ts';

const published = [
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar',
  '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=',
  '&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN',
  '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
].join('');

t.test('one changed byte changes the signature', async (t) => {
  const right = sign('8f742231b10e8888abcd99yyyzzz85a5', '1531420618', published);
  t.not(sign('8f742231b10e8888abcd99yyyzzz85a5', '1531420618', `${published} `), right);
  t.not(sign('8f742231b10e8888abcd99yyyzzz85a5', '1531420619', published), right);
  t.not(sign('8f742231b10e8888abcd99yyyzzz85a6', '1531420618', published), right);
});

t.test("Slack's published example holds", async (t) => {
  t.equal(
    sign('8f742231b10e8888abcd99yyyzzz85a5', '1531420618', published),
    'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  );
});
