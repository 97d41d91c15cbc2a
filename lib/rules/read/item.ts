import type { RulesObject } from '../object';
import { nearest } from '../../schema/nearest';
import { readList, readMacro } from './definition';
import type { ExceptionItem } from './exception';
import type { MappingNode, Node, Report, ScalarNode } from './node';
import { readEngineVersion, readPluginVersions } from './requirement';
import { readRule } from './rule';
import { valueOf } from './node';
import { whole } from './values';

/** What a rules file's item defines or changes. */
export type ItemKind = 'rule' | 'macro' | 'list';

/** One item of a rules file, read. */
export interface ReadItem {
  /** The item itself; `undefined` if it is broken, in which case its name still counts as defined. */
  readonly object: RulesObject | undefined;
  readonly node: MappingNode;
  readonly defines?: Definition;
}

/** What compiling needs to know of an item beside its object: the scalars, for they know their places. */
export interface Definition {
  readonly kind: ItemKind;
  readonly name: ScalarNode;
  /** Whether it changes something that must be there already. */
  readonly how: 'define' | 'append' | 'replace';
  readonly condition?: ScalarNode;
  readonly output?: ScalarNode;
  /** Of a list. */
  readonly items?: readonly ScalarNode[];
  /** Of a rule, in the order of the file; those that were broken are left out. */
  readonly exceptions?: readonly ExceptionItem[];
}

/** In the order in which Falco looks for them. */
const KINDS = ['required_engine_version', 'required_plugin_versions', 'list', 'macro', 'rule'] as const;

/** What items may ask for. */
export interface ReadContext {
  readonly engineVersion: string;
  /** The versions of the plugins that Falco loads, by name. */
  readonly plugins: ReadonlyMap<string, string>;
}

/** Reads one item of a rules file; `undefined` if it is none of the known kinds. */
export function readItem(node: Node, context: ReadContext, report: Report): ReadItem | undefined {
  if (node.type !== 'mapping') {
    report.error('LOAD_ERR_YAML_VALIDATE', node, 'an item must be a mapping, such as "- rule: …"');
    return undefined;
  }
  switch (KINDS.find((kind) => valueOf(node, kind) !== undefined)) {
    case 'required_engine_version':
      return { object: readEngineVersion(node, context.engineVersion, report), node };
    case 'required_plugin_versions':
      return { object: readPluginVersions(node, context.plugins, report), node };
    case 'macro':
      return readMacro(node, report);
    case 'list':
      return readList(node, report);
    case 'rule':
      return readRule(node, report);
    case undefined: {
      const first = node.entries[0];
      const meant = first === undefined ? undefined : nearest(first.key.text, KINDS);
      report.warning(
        'LOAD_UNKNOWN_ITEM',
        first === undefined ? node : whole(first),
        `neither a rule nor a macro, a list or a requirement: Falco ignores it`,
        meant === undefined ? undefined : `did you mean '${meant}'?`,
      );
      return undefined;
    }
  }
}
