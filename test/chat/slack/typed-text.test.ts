import t from 'tap';
import { plainTyped } from '../../../src/chat/slack/typed-text.ts';

const cases: Readonly<Record<string, readonly [string, string]>> = {
  'entities are undone once': ['a &amp;lt; b &lt;c&gt; &amp;', 'a &lt; b <c> &'],
  'a user is the id': ['<@U1|ana> <@U1> <@U1|>', 'U1 U1 U1'],
  'a channel is the id': ['<#C1|ops> <#C1|>', 'C1 C1'],
  'a group is the id': ['<!subteam^S1|@sre> <!subteam^S1>', 'S1 S1'],
  'everyone is the word': ['<!here> <!channel|channel>', 'here channel'],
  'a link is its address': ['<https://x.example/a?b=1&amp;c=2|label>', 'https://x.example/a?b=1&c=2'],
  'a link that Slack made of a bare name is that name': ['<http://web.example|web.example>', 'web.example'],
  'a mail address is itself': ['<mailto:a@b.example|a@b.example>', 'a@b.example'],
  'an unknown reference stays as it is': ['<?x>', '<?x>'],
  'escaped angles never make a reference': ['&lt;@U1&gt;', '<@U1>'],
};

for (const [name, [given, expected]] of Object.entries(cases)) {
  t.test(name, async (t) => t.equal(plainTyped(given), expected));
}
