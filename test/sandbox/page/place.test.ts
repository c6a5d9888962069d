import fc from 'fast-check';
import t from 'tap';
import { initials, lettersOn } from '../../../src/sandbox/page/colour.ts';
import { firstPlace, readPlace, writePlace } from '../../../src/sandbox/page/place.ts';

t.test('the address says who and where', async (t) => {
  t.strictSame(readPlace('', firstPlace), firstPlace, 'nothing said');
  t.strictSame(readPlace('#as=<b>&in=../x', firstPlace), firstPlace, 'no ids');
  t.strictSame(readPlace('#in=C1', firstPlace), { as: 'U0ANA', channel: 'C1' }, 'half of it');
  t.strictSame(readPlace('#as=U0BO&in=C0SHOPDEV', firstPlace), { as: 'U0BO', channel: 'C0SHOPDEV' });
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z0-9]{1,32}$/), fc.stringMatching(/^[A-Z0-9]{1,32}$/), (as, channel) =>
      t.strictSame(readPlace(writePlace({ as, channel }), firstPlace), { as, channel }),
    ),
    { numRuns: 30 },
  );
});

t.test('letters on a colour can be read', async (t) => {
  t.equal(lettersOn('#ffffff'), 'dark');
  t.equal(lettersOn('#2f7f6f'), 'light');
  t.equal(lettersOn('#e6c84b'), 'dark');
  t.equal(lettersOn('teal'), 'light', 'a colour written otherwise');
});

t.test('initials of names', async (t) => {
  t.equal(initials(''), '?');
  t.equal(initials('Ana'), 'A');
  t.equal(initials('ana maria novak'), 'AN');
  t.equal(initials('小林'), '小');
});
