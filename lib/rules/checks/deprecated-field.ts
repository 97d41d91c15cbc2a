import { warnsOfField } from '../fields/warnings';
import { fieldsOfOutput } from '../fields/output-format';
import { fieldsOf } from '../language/walk';
import type { FieldReference } from '../language/ast';
import type { Ruleset } from '../compile/compiled';
import type { Lint, Problem } from './lint';

/** Fields that go away, of which Falco itself doesn't warn; those that never have a value are `field-never-set`'s. */
export const deprecatedField: Lint = {
  code: 'deprecated-field',
  comparison(check, { ruleset }) {
    return fieldsOf(check)
      .map((field) => problemOf(field, ruleset))
      .find((problem) => problem !== undefined);
  },
  output({ output }, ruleset) {
    return (output === undefined ? [] : fieldsOfOutput(output))
      .map((field) => problemOf(field, ruleset))
      .filter((problem) => problem !== undefined);
  },
};

function problemOf(field: FieldReference, { catalogue }: Ruleset): Problem | undefined {
  const { name } = field;
  if (warnsOfField(name) || name.startsWith('k8s.')) return undefined;
  const why = catalogue.field(name)?.deprecated;
  return why === undefined
    ? undefined
    : { span: field, message: `${name} is deprecated: ${why}`, hint: 'leave it out' };
}
