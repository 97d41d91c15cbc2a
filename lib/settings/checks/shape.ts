import { checkNode } from '../../schema/check';
import type { SchemaFinding } from '../../schema/finding';
import type { ObjectNode } from '../../schema/node';
import { FILE_KEYS } from '../environment';
import { environmentSchema } from '../generated/schema';

/** Where somebody may write a secret in the place of a reference to one, or beside one. */
const SECRET_PLACE = /^secrets\.|(^|\.)(env|secretEnv|outputs|credentials|webhookUrl)(\.|$)/;

const keys = Object.fromEntries(
  Object.entries(environmentSchema.keys).filter(([key]) => !FILE_KEYS.some((own) => own === key)),
);

/** What props may hold: all of an environment file but what only a file can say. */
const propsSchema: ObjectNode = { ...environmentSchema, keys };

/** Unknown keys of an environment file, values of the wrong type, and those that no setting of that name can have. */
export function checkEnvironmentShape(value: unknown): SchemaFinding[] {
  return check(environmentSchema, value);
}

/** The same of props. `program`, which some constructs take beside settings, is none of them. */
export function checkPropsShape(props: object): SchemaFinding[] {
  return check(propsSchema, { ...props, program: undefined });
}

function check(schema: ObjectNode, value: unknown): SchemaFinding[] {
  const findings = checkNode(schema, value);
  const told = new Set(findings.map(({ path }) => path.join('.')));
  const nulls = nullsIn(value, []).filter(({ path }) => !told.has(path.join('.')));
  return [...findings, ...nulls].map(withoutSecret);
}

/** Helm keeps some of them and drops others, Kubernetes drops them: they say nothing. */
function nullsIn(value: unknown, path: SchemaFinding['path']): SchemaFinding[] {
  if (value === null)
    return [
      { code: 'wrong-type', path, target: 'value', message: `expected a value, found nothing; leave it out` },
    ];
  if (typeof value !== 'object') return [];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  return entries.flatMap(([key, item]) => nullsIn(item, [...path, key]));
}

function withoutSecret(finding: SchemaFinding): SchemaFinding {
  return SECRET_PLACE.test(finding.path.join('.'))
    ? { ...finding, message: finding.message.replace(/found the text ".*"/s, 'found text') }
    : finding;
}
