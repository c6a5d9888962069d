import t from 'tap';
import { createWorkspace } from '../../../src/sandbox/slack/workspace.ts';

t.test('only the newest 5000 messages are kept', async (t) => {
  const workspace = createWorkspace(
    () => 1_700_000_000_000,
    () => 'word',
  );
  const say = (at: number) =>
    workspace.add({ channel: 'C0RANDOM', from: 'person', user: 'U0ANA', text: String(at) });
  const oldest = say(0);
  for (let at = 1; at <= 5000; at += 1) say(at);
  t.equal(workspace.messages().length, 5000);
  t.equal(workspace.find('C0RANDOM', oldest.ts), undefined);
  t.equal(workspace.messages()[0]?.text, '1');
});
