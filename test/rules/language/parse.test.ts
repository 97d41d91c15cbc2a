import { ConditionError } from '../../../lib/rules/language/condition-error';
import { parseCondition } from '../../../lib/rules/language/parse';
import { recordedConditions } from './conditions';

/** What Falco's parser says, unlike its later stages. */
const OF_THE_PARSER = /^(?:expected|unexpected token|filter input|unsupported string|invalid \\)/;

describe('parseCondition and the real Falco', () => {
  test.each(recordedConditions().map((row) => [row.id, row] as const))('agree on %s', (_, row) => {
    const refused = !row.ok && OF_THE_PARSER.test(row.message);
    if (refused) expect(() => parseCondition(row.text)).toThrow(ConditionError);
    else expect(parseCondition(row.text)).toBeDefined();
  });
});
