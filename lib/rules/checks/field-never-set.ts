import { fieldsOfOutput } from '../fields/output-format';
import { fieldsOf } from '../language/walk';
import type { FieldReference } from '../language/ast';
import type { Lint, Problem } from './lint';

/** Names that Falco keeps for old rules; only the plugin k8smeta has values for them. */
const SHELL = /^k8s\.(ns|rc|svc|rs|deployment)\.(name|id|labels?)$/;

/** `k8s.ns.label` and its like load, and never have a value. */
export const fieldNeverSet: Lint = {
  code: 'field-never-set',
  comparison(check) {
    return fieldsOf(check)
      .map(problemOf)
      .find((problem) => problem !== undefined);
  },
  output({ output }) {
    return (output === undefined ? [] : fieldsOfOutput(output))
      .map(problemOf)
      .filter((problem) => problem !== undefined);
  },
};

/** `k8s.ns.name` is set: it comes from the runtime. */
function problemOf(field: FieldReference): Problem | undefined {
  const [, kind, part] = SHELL.exec(field.name) ?? [];
  if (kind === undefined || part === undefined || field.name === 'k8s.ns.name') return undefined;
  const argument = field.argument === undefined ? '' : `[${field.argument}]`;
  return {
    span: field,
    message: `${field.name} never has a value: Falco keeps only the name`,
    hint: `write k8smeta.${kind}.${part === 'id' ? 'uid' : part}${argument} (plugin k8smeta)`,
  };
}
