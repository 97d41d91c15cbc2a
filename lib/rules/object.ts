import type { List } from './list';
import type { Macro } from './macro';
import type { ListOverride, MacroOverride, RuleOverride } from './override';
import type { RequiredEngineVersion, RequiredPluginVersions } from './requirement';
import type { Rule } from './rule';

/** Anything that can stand in a rules file. */
export type RulesObject =
  | Rule
  | Macro
  | List
  | RuleOverride
  | MacroOverride
  | ListOverride
  | RequiredEngineVersion
  | RequiredPluginVersions;
