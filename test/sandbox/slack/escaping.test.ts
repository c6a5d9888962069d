import fc from 'fast-check';
import t from 'tap';
import { escapeTyped } from '../../../src/sandbox/slack/escaping.ts';

const names = {
  people: new Map([['ana', 'U0ANA']]),
  channels: new Map([['ops-prod', 'C0OPSPROD']]),
};

const cases: readonly (readonly [sentence: string, typed: string, sent: string])[] = [
  ['an unknown person stays as typed', 'ask @zed', 'ask @zed'],
  ['an unknown channel stays as typed', 'see #nowhere', 'see #nowhere'],
  ['an e-mail address is no person', 'mail x@ana', 'mail x@ana'],
  ['a longer name is not its beginning', '@anabel', '@anabel'],
  ['a typed link form is only text', '<@U0ANA>', '&lt;@U0ANA&gt;'],
  ['a typed entity stays what was typed', '&lt;', '&amp;lt;'],
  ['the three special characters become entities', 'a & b < c > d', 'a &amp; b &lt; c &gt; d'],
  ['a person becomes an id', 'ask @ana now', 'ask <@U0ANA|ana> now'],
  ['a name in capitals is the same person', '@Ana', '<@U0ANA|ana>'],
  ['punctuation after a name is not part of it', '(@ana, @ana.)', '(<@U0ANA|ana>, <@U0ANA|ana>.)'],
  ['a value after = can be a person', '--owner=@ana', '--owner=<@U0ANA|ana>'],
  ['a channel becomes an id', 'in #ops-prod', 'in <#C0OPSPROD|ops-prod>'],
  ['everyone here is a special mention', '@here', '<!here>'],
  ['an address stands in angle brackets', 'https://x.example/?a=1&b=2', '<https://x.example/?a=1&amp;b=2>'],
];

for (const [sentence, typed, sent] of cases) {
  t.test(sentence, async (t) => {
    t.equal(escapeTyped(typed, names), sent);
  });
}

t.test('whatever is typed can be read back', async () => {
  const back = (text: string) =>
    text
      .replace(/<[@#][^|>]*\|([^>]*)>/g, (found, name) => found.charAt(1) + name)
      .replace(/<!(\w+)>/g, '@$1')
      .replace(/<(https?:[^>]*)>/gi, '$1')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
  const piece = fc.oneof(
    fc.constantFrom('@ana', '#ops-prod', ' ', '<', '>', '&', '|', 'https://x/', '@here'),
    fc.string(),
  );
  fc.assert(
    fc.property(
      fc.array(piece),
      (pieces) => back(escapeTyped(pieces.join(''), names)).toLowerCase() === pieces.join('').toLowerCase(),
    ),
  );
});
