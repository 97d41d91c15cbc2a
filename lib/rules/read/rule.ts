import { nearest } from '../../schema/nearest';
import { APPENDABLE } from '../override';
import type { RuleChanges } from '../override';
import { parsePriority, PRIORITIES } from '../priority';
import { RULE_KEYS, type RuleBody } from '../rule';
import { warnOfUnknownKeys } from './definition';
import { readExceptions } from './exception';
import type { Definition, ReadItem } from './item';
import { valueOf, type MappingNode, type Report, type ScalarNode } from './node';
import { readExtension, type Overrides } from './override';
import { optionalFlag, optionalText, requiredText, texts } from './values';

const INVALID = 'LOAD_ERR_YAML_VALIDATE';
const REQUIRED = ['desc', 'condition', 'output', 'priority'] as const;
const KNOWN = ['rule', ...Object.values(RULE_KEYS), 'append', 'override'];
const REPLACEABLE = Object.values(RULE_KEYS).filter((key) => key !== 'source');

type Parts = { -readonly [K in keyof RuleBody]?: RuleBody[K] };

/** Reads a rule, or a change to one. */
export function readRule(node: MappingNode, report: Report): ReadItem {
  const name = requiredText(node, 'rule', report);
  if (name === undefined) return { object: undefined, node };
  const before = report.findings.length;
  warnOfUnknownKeys(node, KNOWN, report);
  const extension = readExtension(node, { append: APPENDABLE, replace: REPLACEABLE }, report);
  const overrides = overridesOf(node, extension, report);
  if (overrides === undefined) for (const key of REQUIRED) requiredText(node, key, report);
  const parts = readParts(node, overrides, report);
  const howExceptions = overrides === undefined ? 'define' : overrides.get('exceptions');
  const exceptions = howExceptions && readExceptions(node, howExceptions, report);
  if (exceptions !== undefined) parts.exceptions = exceptions.map(({ exception }) => exception);
  const condition = valueOf(node, 'condition');
  const output = valueOf(node, 'output');

  const how =
    overrides === undefined ? 'define' : overrides.get('condition') === 'append' ? 'append' : 'replace';
  const defines: Definition = {
    kind: 'rule',
    name,
    how,
    ...(condition?.type === 'scalar' && condition.text !== '' && { condition }),
    ...(output?.type === 'scalar' && { output }),
    ...(exceptions !== undefined && { exceptions }),
  };
  const broken = report.findings.slice(before).some(({ severity }) => severity === 'error');
  if (broken || extension === undefined) return { object: undefined, node, defines };
  if (overrides === undefined) {
    const { desc = '', condition: text = '', output = '', priority = 'DEBUG' } = parts;
    const object = {
      ...parts,
      kind: 'rule' as const,
      name: name.text,
      desc,
      condition: text,
      output,
      priority,
    };
    return { object, node, defines };
  }
  return {
    object: { kind: 'rule-override', name: name.text, changes: changesOf(parts, overrides) },
    node,
    defines,
  };
}

/** What the item overrides, in whatever way it says so; `undefined` if it is a rule of its own. */
function overridesOf(
  node: MappingNode,
  extension: ReturnType<typeof readExtension>,
  report: Report,
): Overrides | undefined {
  if (extension?.appends === true) {
    const parts = (['condition', 'exceptions'] as const).filter((key) => valueOf(node, key) !== undefined);
    if (parts.length === 0) {
      report.error('LOAD_ERR_VALIDATE', node, "an appended rule needs a 'condition' or 'exceptions'");
    }
    return new Map(parts.map((key) => [key, 'append']));
  }
  if (extension !== undefined && extension.overrides.size > 0) {
    for (const { key } of node.entries) {
      if (!extension.overrides.has(key.text) && REPLACEABLE.some((part) => part === key.text)) {
        report.error(INVALID, key, `'${key.text}' is here, but not under 'override'`);
      }
    }
    return extension.overrides;
  }
  if (extension === undefined) return new Map();
  if (valueOf(node, 'enabled') === undefined) return undefined;
  if (REQUIRED.some((key) => valueOf(node, key) !== undefined)) return undefined;
  report.warning(
    'LOAD_DEPRECATED_ITEM',
    node.entries.find((entry) => entry.key.text === 'enabled')?.key ?? node,
    "'enabled' alone is deprecated",
    'add: override: {enabled: replace}',
  );
  return new Map([['enabled', 'replace']]);
}

/** The parts of a rule, of one that changes another only those that it changes: Falco doesn't look at others. */
function readParts(whole: MappingNode, overrides: Overrides | undefined, report: Report): Parts {
  const node =
    overrides === undefined
      ? whole
      : { ...whole, entries: whole.entries.filter(({ key }) => overrides.has(key.text)) };
  const parts: Parts = {};
  for (const key of ['desc', 'condition', 'output'] as const) {
    if (overrides?.has(key) === true) requiredText(node, key, report);
    const part = valueOf(node, key);
    if (part?.type === 'scalar') parts[key] = part.text;
  }
  const source = optionalText(node, 'source', report);
  if (source !== undefined) parts.source = source.text;
  const priority = readPriority(node, report);
  if (priority !== undefined) parts.priority = priority;
  const tags = valueOf(node, 'tags');
  const tagTexts = tags === undefined ? undefined : texts(tags, 'tags', report);
  if (tagTexts !== undefined) parts.tags = tagTexts.map((tag) => tag.text);
  for (const key of ['enabled', 'warnEvttypes', 'skipIfUnknownFilter', 'capture'] as const) {
    const flag = optionalFlag(node, RULE_KEYS[key], report);
    if (flag !== undefined) parts[key] = flag;
  }
  const duration = optionalText(node, RULE_KEYS.captureDuration, report);
  if (duration !== undefined) parts.captureDuration = readNumber(duration, report);
  return parts;
}

function readPriority(node: MappingNode, report: Report): RuleBody['priority'] | undefined {
  const value = valueOf(node, 'priority');
  if (value?.type !== 'scalar' || value.text === '') return undefined;
  const priority = parsePriority(value.text);
  if (priority === undefined) {
    const meant = PRIORITIES.find((known) => known.startsWith(value.text.toUpperCase()));
    const known = meant ?? nearest(value.text.toUpperCase(), PRIORITIES);
    const hint = known === undefined ? `one of ${PRIORITIES.join(', ')}` : `did you mean '${known}'?`;
    report.error(INVALID, value, `'${value.text}' is no priority`, hint);
  }
  return priority;
}

function readNumber(value: ScalarNode, report: Report): number {
  if (!/^\+?(?:0x[\da-f]+|\d+)$/i.test(value.text)) {
    report.error(INVALID, value, `must be a number of milliseconds, not '${value.text}'`);
  }
  return Number(value.text);
}

function changesOf(parts: Parts, overrides: Overrides): RuleChanges {
  const changes = (Object.entries(parts) as [keyof RuleBody, unknown][])
    .filter(([key]) => overrides.has(RULE_KEYS[key]))
    .map(([key, value]) => [key, { how: overrides.get(RULE_KEYS[key]), value }]);
  return Object.fromEntries(changes) as RuleChanges;
}
