import type { SchemaNode } from '../schema/node';
import { FILE_KEYS } from '../settings/environment';
import type { Marks } from './marks';
import { VALUES } from './node';
import { truthy } from './condition';
import type { Tokens } from './tokens';
import { TokenError } from './token-error';

const NO_SETTINGS = new Set<string>(FILE_KEYS);

/** Maps and lists whose texts the patterns of values.schema.json keep to one line. */
const ONE_LINE = new Set([
  'labels',
  'limits',
  'namespaceLabels',
  'namespaces',
  'nodeSelector',
  'podLabels',
  'requests',
  'values',
]);

/** What a value of the chart is until somebody sets it: a token of the JavaScript type that constructs look into. */
export function valueTokens(schema: SchemaNode, tokens: Tokens, marks: Marks): object {
  const settings = tokenOf(schema, VALUES, tokens, marks);
  if (typeof settings !== 'object' || settings === null) throw new TokenError(VALUES, 'is no map');
  return settings;
}

function tokenOf(
  schema: SchemaNode,
  code: string,
  tokens: Tokens,
  marks: Marks,
  bounded = ONE_LINE.has(code.slice(code.lastIndexOf('.') + 1)),
): unknown {
  const item = (of: SchemaNode | 'anything') => (itemCode: string) =>
    of === 'anything' ? anything(itemCode, tokens) : tokenOf(of, itemCode, tokens, marks, bounded);
  const oneLine = staysInLine(schema, bounded);
  switch (schema.is) {
    case 'text':
    case 'choice':
      return marks.add({ is: 'code', code });
    case 'boolean':
      return tokens.scalar({ is: 'boolean', condition: truthy(code, true) });
    case 'integer':
    case 'number':
      return tokens.scalar({ is: 'number', code });
    case 'list':
      return tokens.collection({ is: 'list', code, item: item(schema.of), oneLine });
    case 'object': {
      if (schema.others !== undefined)
        return tokens.collection({ is: 'map', code, item: item(schema.others), oneLine });
      const branch = Object.fromEntries(
        Object.entries(schema.keys)
          .filter(([key]) => code !== VALUES || !NO_SETTINGS.has(key))
          .map(([key, node]) => [key, tokenOf(node, `${code}.${key}`, tokens, marks)]),
      );
      tokens.branch(code, branch, oneLine);
      return branch;
    }
    default:
      return anything(code, tokens);
  }
}

/** Whether no text of a value can hold a line break. */
function staysInLine(schema: SchemaNode | 'anything', bounded: boolean): boolean {
  if (schema === 'anything') return false;
  switch (schema.is) {
    case 'text':
      return bounded;
    case 'list':
      return staysInLine(schema.of, bounded);
    case 'union':
      return schema.of.every((one) => staysInLine(one, bounded));
    case 'object': {
      const { keys, others } = schema;
      const all = [...Object.values(keys), ...(others === undefined ? [] : [others])];
      return all.every((one) => staysInLine(one, bounded));
    }
    default:
      return true;
  }
}

/** What the schema says nothing about: it can only be passed on. */
function anything(code: string, tokens: Tokens): unknown {
  return tokens.collection({ is: 'map', code, item: (itemCode) => anything(itemCode, tokens) });
}
