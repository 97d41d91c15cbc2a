export { confineRules, type Confined, type Confinement, type ConfineOptions } from './confine';
export { RulesError, type Finding, type Severity } from './finding';
export {
  CANARY_RULE,
  canaryRules,
  commandLineFields,
  declaredMacros,
  egressRules,
  egressTo,
  egressToNetworks,
  IO_URING_RULE,
  OUTBOUND_PUBLIC,
  OUTBOUND_RULE,
  outboundPublic,
  PRIVATE_NETWORKS,
  publicScope,
  RECORD_RULE,
  recordRules,
  vistatechRules,
  type CanaryOptions,
  type CommandLine,
  type DeclaredDestination,
  type EgressOutputOptions,
  type EgressRulesOptions,
  type ExemptionOptions,
} from './library';
export { list, type List, type ListItem } from './list';
export { loadRules, loadRulesOrThrow, type LoadedObject, type LoadedRules, type LoadOptions } from './load';
export { macro, type Macro } from './macro';
export type { RulesObject } from './object';
export {
  appendToCondition,
  appendToList,
  appendToMacro,
  disableRule,
  enableRule,
  overrideRule,
  type Change,
  type ListOverride,
  type MacroOverride,
  type Overridable,
  type RuleChanges,
  type RuleOverride,
  type RuleOverrides,
} from './override';
export { printRules } from './print';
export { parsePriority, PRIORITIES, type Priority } from './priority';
export { renderFindings, type RulesFile } from './render';
export {
  requiredEngineVersion,
  requiredPluginVersions,
  type PluginRequirement,
  type PluginVersion,
  type RequiredEngineVersion,
  type RequiredPluginVersions,
} from './requirement';
export { rule, type ExceptionValue, type Rule, type RuleBody, type RuleException } from './rule';
export type { StockNames } from './stock';
export { renderResults as renderRuleTests } from './testing/render-results';
export type {
  DifferentAlert,
  DifferentPart,
  Difference,
  MissedAlert,
  MissedCheck,
  RaisedAlert,
  RuleTestResult,
  RuleTestResults,
  UnexpectedAlert,
  WhyMissed,
} from './testing/results';
export { runRuleTests, type RuleTestOptions } from './testing/run-rule-tests';
