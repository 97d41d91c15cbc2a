import { falcoFields } from '../../../lib/rules/fields/catalogue';
import type { FieldCatalogue } from '../../../lib/rules/fields/field';
import { warningsOf } from '../../../lib/rules/fields/warnings';
import { parseCondition } from '../../../lib/rules/language/parse';

const FALCO = falcoFields('0.44.1');

/** A catalogue that counts how often all of its names are gone through. */
function counting(): { readonly catalogue: FieldCatalogue; readonly searches: () => number } {
  let searches = 0;
  const catalogue: FieldCatalogue = {
    field: (name) => FALCO.field(name),
    get names() {
      searches++;
      return FALCO.names;
    },
    eventTypes: FALCO.eventTypes,
    get eventParameters() {
      searches++;
      return FALCO.eventParameters;
    },
  };
  return { catalogue, searches: () => searches };
}

describe('the values of a long list', () => {
  test('are not each held against the names of all fields', () => {
    const { catalogue, searches } = counting();
    const addresses = Array.from({ length: 1000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
    expect(warningsOf(parseCondition(`fd.sip in (${addresses.join()})`), catalogue)).toEqual([]);
    expect(searches()).toBe(0);
  });

  test('but one that is the name of a field is warned of', () => {
    const { catalogue } = counting();
    const values = ['10.0.0.1', 'fd.sip', 'evt.arg.addr', 'evt.args', 'fd.sop', 'evt.arg[0]'];
    const warnings = warningsOf(
      parseCondition(`fd.name in (${values.map((v) => `"${v}"`).join()})`),
      catalogue,
    );
    expect(warnings.map(({ hint }) => hint)).toEqual([
      'write val(fd.sip)',
      'write val(evt.arg.addr)',
      'write val(evt.args)',
      'write val(evt.arg[0])',
    ]);
  });
});
