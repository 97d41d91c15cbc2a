import { inertJson } from '../inert-json';
import { inert } from '../rules/evaluate/printable';
import type { Advice } from './advice';
import type { AdvisedRule } from './rules';
import { unadvised } from './unadvised';

/** Policies as a module for cdk8s: a function that adds them to a chart. */
export function adviceAsTypescript(advice: readonly Advice[], remarks: readonly string[]): string {
  const policies = advice.filter((each) => each.kind === 'policy');
  const comments = [...remarks, ...unadvised(advice)].map((line) => comment(line, ''));
  return [
    "import { ApiObject } from 'cdk8s';",
    "import type { Construct } from 'constructs';",
    '',
    ...comments,
    '/** NetworkPolicies that fit what was seen. */',
    'export function advisedPolicies(scope: Construct): ApiObject[] {',
    ...(policies.length === 0 ? ['  void scope;'] : []),
    policies.length === 0 ? '  return [];' : '  return [',
    ...policies.flatMap(policyLines),
    ...(policies.length === 0 ? [] : ['  ];']),
    '}',
    '',
  ].join('\n');
}

function policyLines({
  namespace,
  workload,
  notes,
  policy,
  rules,
}: Extract<Advice, { kind: 'policy' }>): string[] {
  const { apiVersion, kind, metadata, spec } = policy;
  const { egress: _, ...rest } = spec ?? {};
  const id = `${namespace}-${metadata.name}`;
  const opening = [
    `    new ApiObject(scope, ${literal(id, 4)}, {`,
    `      apiVersion: ${literal(apiVersion, 6)},`,
    `      kind: ${literal(kind, 6)},`,
    `      metadata: ${literal(metadata, 6)},`,
    '      spec: {',
    ...Object.entries(rest).map(([key, value]) => `        ${key}: ${literal(value, 8)},`),
    '        egress: [',
  ];
  return [
    ...[`${namespace}, ${workload}`, ...notes].map((line) => comment(line, '    ')),
    ...opening,
    ...rules.flatMap(ruleLines),
    '        ],',
    '      },',
    '    }),',
  ];
}

function ruleLines({ to, ports, why }: AdvisedRule): string[] {
  return [
    ...(why === undefined ? [] : [comment(why, '          ')]),
    '          {',
    '            to: [',
    ...to.flatMap(({ peer, why: reason }) => [
      comment(reason, '              '),
      `              ${literal(peer, 14)},`,
    ]),
    '            ],',
    `            ports: ${literal(ports, 12)},`,
    '          },',
  ];
}

/** A value as TypeScript: JSON, with keys bare where they may be. */
function literal(value: unknown, indent: number): string {
  const pad = ' '.repeat(indent + 2);
  const end = ' '.repeat(indent);
  if (Array.isArray(value)) {
    const items = (value as readonly unknown[]).map((each) => `${pad}${literal(each, indent + 2)},\n`);
    return items.length === 0 ? '[]' : `[\n${items.join('')}${end}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, each]) =>
        `${pad}${/^[a-z]\w*$/i.test(key) ? key : quoted(key)}: ${literal(each, indent + 2)},\n`,
    );
    return members.length === 0 ? '{}' : `{\n${members.join('')}${end}}`;
  }
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value);
}

function quoted(text: string): string {
  return `'${inertJson(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function comment(line: string, indent: string): string {
  return `${indent}// ${inert(line)}`;
}
