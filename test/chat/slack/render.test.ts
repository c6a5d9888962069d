import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { renderPlain, renderSlack } from '../../../src/chat/slack/render.ts';
import { replies } from './replies.ts';

const fixtures = new URL('../../fixtures/slack/replies/', import.meta.url);

// `GOLDEN=write` puts down what is rendered now, to be read before it is kept.
for (const [name, reply] of Object.entries(replies)) {
  t.test(`the reply "${name}" looks as it was agreed`, async (t) => {
    const file = new URL(`${name}.json`, fixtures);
    const rendered = { ...renderSlack(reply), plain: renderPlain(reply).text };
    if (process.env.GOLDEN === 'write') writeFileSync(file, `${JSON.stringify(rendered, null, 2)}\n`);
    t.ok(existsSync(file), `${name}.json is there`);
    t.same(rendered, JSON.parse(readFileSync(file, 'utf8')));
  });
}
