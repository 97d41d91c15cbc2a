import { stringify } from 'yaml';
import { indented } from './page';

/** The part of JSON Schema that tells about values. */
export interface ValueSchema {
  readonly $ref?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
}

/** Definitions by name. */
export type Definitions = Readonly<Record<string, ValueSchema>>;

const WIDTH = 100;

const HEAD = `# Values of the chart: the settings of falco-egress, each with its default.
# Made from lib/settings by npm run synth; not to be edited here.
`;

/** values.yaml: every value with what the settings say about it. */
export function valuesFile(schema: ValueSchema, definitions: Definitions, defaults: object): string {
  return `${HEAD}\n${section(schema, definitions, defaults, true)}`;
}

function section(schema: ValueSchema, definitions: Definitions, defaults: object, top: boolean): string {
  const properties = resolved(schema, definitions).properties ?? {};
  return Object.entries(defaults)
    .map(([key, value]: [string, unknown]) => {
      const property = properties[key] ?? {};
      const comment = commented(property.description ?? resolved(property, definitions).description ?? '');
      return `${comment}${entry(key, value, property, definitions)}`;
    })
    .join(top ? '\n' : '');
}

function entry(key: string, value: unknown, schema: ValueSchema, definitions: Definitions): string {
  const branches = resolved(schema, definitions).properties;
  if (branches !== undefined && typeof value === 'object' && value !== null && Object.keys(value).length > 0)
    return `${key}:\n${indented(section(schema, definitions, value, false), 2)}`;
  return stringify({ [key]: value }, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}

function commented(description: string): string {
  if (description === '') return '';
  const lines = description.split('\n').flatMap((line) => wrapped(line));
  return lines.map((line) => `# ${line}`.trimEnd() + '\n').join('');
}

function wrapped(line: string): string[] {
  const lines: string[] = [];
  for (const word of line.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** What a reference leads to in the end: a type may be another one's alias. */
function resolved(schema: ValueSchema, definitions: Definitions): ValueSchema {
  if (schema.$ref === undefined) return schema;
  const target = definitions[decodeURIComponent(schema.$ref.replace('#/definitions/', ''))] ?? {};
  return resolved(target, definitions);
}
