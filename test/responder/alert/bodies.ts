import fc from 'fast-check';
import { webhooks } from './webhooks';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'constructor', 'a\0b', '\ud800', '<NA>', '../..', 'x'.repeat(20_000)),
);
/** A value of any kind where another was expected. */
export const value = fc.oneof(
  hostile,
  fc.jsonValue(),
  fc.constantFrom(1e308, -0, Number.MAX_SAFE_INTEGER, [[[]]], { __proto__: null }),
);
const nearlyAnAlert = fc
  .record(
    {
      rule: fc.oneof({ weight: 5, arbitrary: fc.string({ minLength: 1 }) }, value),
      priority: fc.oneof({ weight: 5, arbitrary: fc.constantFrom('Warning', 'info', 'EMERGENCY') }, value),
      output: fc.oneof({ weight: 5, arbitrary: hostile }, value),
      time: fc.oneof(
        { weight: 5, arbitrary: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()) },
        value,
      ),
      output_fields: fc.oneof({ weight: 5, arbitrary: fc.dictionary(hostile, value) }, value),
      source: value,
      hostname: hostile,
      tags: fc.oneof(fc.array(hostile), value),
    },
    { requiredKeys: ['rule', 'priority', 'time', 'output_fields'] },
  )
  .map((body) => JSON.stringify(body));
const recorded = fc.constantFrom(...webhooks.map(({ request }) => request.body));
/** A recorded body with something taken out, doubled, or put in between. */
const broken = fc
  .tuple(
    recorded,
    fc.nat(),
    fc.nat(200),
    fc.oneof(hostile, fc.constantFrom('', '"', '{', ']', '\\u', '9'.repeat(40))),
  )
  .map(([text, at, length, put]) => {
    const start = at % text.length;
    return text.slice(0, start) + put + text.slice(start + length);
  });
/** Bodies of alerts: recorded ones, whole and broken, what is nearly one, other JSON, and none. */
export const bodies = fc.oneof(nearlyAnAlert, broken, fc.json(), fc.string({ unit: 'binary' }), recorded);
