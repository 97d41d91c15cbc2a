import { DEFAULT_SCHEMA, dump, Type } from 'js-yaml';
import { askedMacros } from './library/egress-to';
import type { RulesObject } from './object';
import type { Change } from './override';
import { RULE_KEYS, type RuleBody } from './rule';

/**
 * Plain text that a YAML 1.1 reader takes for a number, a truth value or nothing, where js-yaml's 1.2 reader sees
 * text: `0x1`, `1_000`, `12:30`, `213.215.222.58` (the 1.1 grammar of floats allows any number of dots), `~`.
 */
const MISREAD =
  /^(?:[-+]?[.\d][\d_.:,a-fx]*(?:e[-+]?\d*)?|[-+]?\.(?:inf|nan)|y|n|yes|no|on|off|true|false|null|~|=|<<)$/i;

const SCHEMA = DEFAULT_SCHEMA.extend({
  implicit: [
    // It reads and writes nothing: the dumper quotes every text that some implicit type would claim.
    new Type('tag:yaml.org,2002:misread-by-1.1', {
      kind: 'scalar',
      resolve: (text: unknown) => typeof text === 'string' && MISREAD.test(text),
      predicate: () => false,
    }),
  ],
});

/**
 * The text of a rules file with these objects, in their order; macros that {@link egressTo} counts on are added.
 * The same objects always give the same text.
 */
export function printRules(objects: readonly RulesObject[]): string {
  const asked = askedMacros(objects);
  return printAsIs(objects.flatMap((object) => [...(asked.get(object) ?? []), object]));
}

/** The same without any macro added. */
export function printAsIs(objects: readonly RulesObject[]): string {
  return objects.map((object) => item(toYaml(object))).join('\n');
}

function item(parts: Readonly<Record<string, unknown>>): string {
  const yaml = Object.entries(parts)
    .map(([key, value]) => part(key, value))
    .join('');
  return yaml.replace(/^(?=.)/gm, '  ').replace(/^ {2}/, '- ');
}

/** Text of several lines becomes a block, values and overrides stand in one line each. */
function part(key: string, value: unknown): string {
  const flowLevel = typeof value === 'string' ? -1 : 1;
  return dump(
    { [key]: value },
    { schema: SCHEMA, lineWidth: -1, flowLevel, noRefs: true, skipInvalid: true },
  );
}

/** A value in one line, so that readers of YAML 1.1 and 1.2 see the same. */
export function printFlow(value: unknown): string {
  return dump(value, { schema: SCHEMA, lineWidth: -1, flowLevel: 0, noRefs: true }).trimEnd();
}

/** An object as Falco's YAML has it: keys in Falco's spelling, absent parts left out. */
function toYaml(object: RulesObject): Record<string, unknown> {
  switch (object.kind) {
    case 'rule':
      return { rule: object.name, ...ruleParts(object) };
    case 'macro':
      return { macro: object.name, condition: object.condition };
    case 'list':
      return { list: object.name, items: [...object.items] };
    case 'rule-override': {
      const changes = Object.entries(object.changes) as [keyof RuleBody, Change<unknown>][];
      return {
        rule: object.name,
        ...ruleParts(Object.fromEntries(changes.map(([key, { value }]) => [key, value]))),
        override: Object.fromEntries(changes.map(([key, { how }]) => [RULE_KEYS[key], how])),
      };
    }
    case 'macro-override':
      return overridden('macro', object.name, 'condition', object.condition);
    case 'list-override':
      return overridden('list', object.name, 'items', object.items);
    case 'required-engine-version':
      return { required_engine_version: object.version };
    case 'required-plugin-versions':
      return { required_plugin_versions: object.plugins };
  }
}

function ruleParts(body: Partial<RuleBody>): Record<string, unknown> {
  const parts: Record<string, unknown> = {};
  for (const [key, spelling] of Object.entries(RULE_KEYS) as [keyof RuleBody, string][]) {
    if (body[key] !== undefined) parts[spelling] = body[key];
  }
  return parts;
}

function overridden(
  kind: string,
  name: string,
  key: string,
  change: Change<unknown>,
): Record<string, unknown> {
  return { [kind]: name, [key]: change.value, override: { [key]: change.how } };
}
