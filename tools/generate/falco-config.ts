import type { SchemaNode, ObjectNode } from '../../lib/schema/node';
import { readConfigSchema, type ConfigModel } from './falco-config-model';
import { NOTES } from './falco-config-notes';
import {
  banner,
  generatedPath,
  printKey,
  quote,
  runGenerator,
  wrap,
  type GeneratedFile,
} from './falco-generated';

const SCRIPT = 'falco-config.ts';

/** What `falco --config-schema` printed, as far from the root of this repository as our own copy of the data stands. */
export const CONFIG_SCHEMA_SOURCE = '../shared/data/falco-0.44.1/config-schema.json';

/** Prints Falco's configuration as TypeScript interfaces and as a tree of our own nodes. */
export function generateFalcoConfig(json: string, version: string): GeneratedFile[] {
  const model = readConfigSchema(JSON.parse(json) as unknown);
  const head = banner(SCRIPT, `the output of \`falco --config-schema\`, Falco ${version}`);
  return [
    { path: generatedPath(version, 'config.ts'), text: `${head}\n\n${printInterfaces(model, version)}` },
    { path: generatedPath(version, 'config-schema.ts'), text: `${head}\n${printSchema(model, version)}` },
  ];
}

/** Keys that have no note, and notes whose key is gone: what is left to write after a new version. */
export function missingNotes(json: string): string[] {
  const { objects } = readConfigSchema(JSON.parse(json) as unknown);
  const keys = new Set(
    objects.flatMap(({ name, node }) => Object.keys(node.keys).map((key) => `${name}.${key}`)),
  );
  const notes = Object.entries(NOTES).flatMap(([name, of]) => Object.keys(of).map((key) => `${name}.${key}`));
  const hidden = /^FalcoContainerEngines/;
  return [
    ...[...keys].filter((key) => !notes.includes(key) && !hidden.test(key)).map((key) => `no note: ${key}`),
    ...notes.filter((key) => !key.endsWith('.') && !keys.has(key)).map((key) => `no such key: ${key}`),
  ];
}

function printInterfaces(model: ConfigModel, version: string): string {
  const parts = model.objects.toReversed().map(({ name, node }) => {
    const [sentence = `Part of Falco's configuration.`] = NOTES[name]?.[''] ?? [];
    return [
      `/** ${sentence}${node === model.root ? ` As of Falco ${version}.` : ''} */`,
      `export interface ${name} {`,
      ...Object.entries(node.keys).flatMap(([key, value]) => printMember(model, name, node, key, value)),
      '}',
    ].join('\n');
  });
  return `${parts.join('\n\n')}\n`;
}

/** Keys that Falco asks for and the stack fills in: settings are merged over it, so a part of them is enough. */
const FILLED: Readonly<Record<string, readonly string[]>> = { FalcoEngine: ['kind'] };

function printMember(
  model: ConfigModel,
  owner: string,
  node: ObjectNode,
  key: string,
  value: SchemaNode,
): string[] {
  const [sentence, byDefault, words] = NOTES[owner]?.[key] ?? [];
  const optional = node.required?.includes(key) === true && FILLED[owner]?.includes(key) !== true ? '' : '?';
  const doc = byDefault === undefined ? sentence : `${sentence} @default ${byDefault}`;
  return [
    ...(doc === undefined ? [] : [`  /** ${doc} */`]),
    `  readonly ${printKey(key)}${optional}: ${printType(model, value, words)};`,
  ];
}

function printType(model: ConfigModel, node: SchemaNode, words?: readonly string[]): string {
  switch (node.is) {
    case 'text':
      return words === undefined ? 'string' : words.map(quote).join(' | ');
    case 'boolean':
    case 'null':
    case 'number':
      return node.is;
    case 'integer':
      return 'number';
    case 'choice':
      return node.of.map(quote).join(' | ');
    case 'list': {
      const item = printType(model, node.of, words);
      return item.includes(' ') ? `readonly (${item})[]` : `readonly ${item}[]`;
    }
    case 'union':
      return node.of.map((part) => printType(model, part)).join(' | ');
    case 'object': {
      const name = model.nameOf(node);
      if (name !== undefined) return name;
      const entries = Object.entries(node.keys).map(
        ([key, value]) => `readonly ${printKey(key)}?: ${printType(model, value)}`,
      );
      if (entries.length > 0) return `{ ${entries.join('; ')} }`;
      const others =
        node.others === undefined || node.others === 'anything' ? 'unknown' : printType(model, node.others);
      return `Readonly<Record<string, ${others}>>`;
    }
  }
}

function printSchema(model: ConfigModel, version: string): string {
  const lines = [
    "import type { ObjectNode } from '../../../schema/node';",
    '',
    "const text = { is: 'text' } as const;",
    "const flag = { is: 'boolean' } as const;",
    "const integer = { is: 'integer' } as const;",
    "const number = { is: 'number' } as const;",
    "const texts = { is: 'list', of: text } as const;",
    '',
    `/** What may stand in the configuration of Falco ${version}. */`,
    'export function configSchema(): ObjectNode {',
    ...model.objects.flatMap(({ name, node }) =>
      node === model.root
        ? []
        : [`  const ${constantName(name)}: ObjectNode = ${printObject(model, node, 2)};`],
    ),
    `  return ${printObject(model, model.root, 2)};`,
    '}',
    '',
  ];
  return lines.join('\n');
}

function constantName(name: string): string {
  const short = name.replace(/^Falco/, '');
  return short.charAt(0).toLowerCase() + short.slice(1);
}

function printObject(model: ConfigModel, node: ObjectNode, depth: number): string {
  const indent = ' '.repeat(depth);
  const rules = [
    "is: 'object'",
    ...(node.required === undefined ? [] : [`required: [${node.required.map(quote).join(', ')}]`]),
    ...(node.minKeys === undefined ? [] : [`minKeys: ${node.minKeys}`]),
    ...(node.others === undefined
      ? []
      : [`others: ${node.others === 'anything' ? "'anything'" : printNode(model, node.others)}`]),
  ];
  const keys = Object.entries(node.keys).map(([key, value]) => {
    const printed = printNode(model, value);
    return printed === printKey(key) ? printed : `${printKey(key)}: ${printed}`;
  });
  if (keys.length < 2)
    return `{ ${rules.join(', ')}, keys: {${keys.length === 0 ? '' : ` ${keys.join(', ')} `}} }`;
  const oneLine = `${indent}  keys: { ${keys.join(', ')} },`;
  return [
    '{',
    `${indent}  ${rules.join(', ')},`,
    ...(oneLine.length <= 110
      ? [oneLine]
      : [`${indent}  keys: {`, ...wrap(keys, `${indent}    `), `${indent}  },`]),
    `${indent}}`,
  ].join('\n');
}

function printNode(model: ConfigModel, node: SchemaNode): string {
  const name = model.nameOf(node);
  if (name !== undefined) return constantName(name);
  switch (node.is) {
    case 'text':
      return 'text';
    case 'boolean':
      return 'flag';
    case 'null':
      return "{ is: 'null' }";
    case 'integer':
    case 'number': {
      const bounds = [
        ...(node.min === undefined ? [] : [`min: ${node.min}`]),
        ...(node.max === undefined ? [] : [`max: ${node.max}`]),
      ];
      return bounds.length === 0 ? node.is : `{ is: '${node.is}', ${bounds.join(', ')} }`;
    }
    case 'choice':
      return `{ is: 'choice', of: [${node.of.map(quote).join(', ')}] }`;
    case 'list':
      return node.of.is === 'text' ? 'texts' : `{ is: 'list', of: ${printNode(model, node.of)} }`;
    case 'union':
      return `{ is: 'union', of: [${node.of.map((part) => printNode(model, part)).join(', ')}] }`;
    case 'object':
      return printObject(model, node, 0);
  }
}

if (require.main === module) {
  runGenerator(CONFIG_SCHEMA_SOURCE, (json, version) => {
    for (const line of missingNotes(json)) console.error(line);
    return generateFalcoConfig(json, version);
  });
}
