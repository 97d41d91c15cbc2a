import { checkBaseSyscalls } from './checks/base-syscalls';
import { checkCharacters } from './checks/characters';
import { checkCollector } from './checks/collector';
import { checkCredentials } from './checks/credentials';
import { checkDeclared, checkDeclaredNetworks } from './checks/declared';
import { checkDistinctNames } from './checks/distinct-names';
import { checkExempt } from './checks/exempt';
import { checkFalco } from './checks/falco';
import { checkFalcoOutputs } from './checks/falco-outputs';
import { checkImages, checkLatest } from './checks/images';
import { checkKubernetes } from './checks/kubernetes';
import { checkLokiAndGrafana } from './checks/loki';
import { checkNameLength, checkNames } from './checks/names';
import { checkPaths } from './checks/paths';
import { checkPlugins } from './checks/plugins';
import { checkRecord } from './checks/record';
import { checkResponder } from './checks/responder';
import { checkResponses } from './checks/responses';
import { checkRulesFiles, checkRulesPackages } from './checks/rules-packages';
import { checkSidekick } from './checks/sidekick';
import { checkVariableNames } from './checks/variable-names';
import { checkVariables } from './checks/variables';
import { flat, type Findings, type SettingsFinding } from './finding';
import type { Settings } from './settings';

/** Checks of each value alone. values.schema.json of the chart says the same, by the same patterns. */
const ALONE = [
  checkNames,
  checkKubernetes,
  checkExempt,
  checkImages,
  checkFalco,
  checkDeclared,
  checkResponder,
  checkRulesFiles,
  checkVariableNames,
] as const;

/** Checks of values against each other, or with a reason that a pattern can't give. They look into settings by decide.ts alone: the chart is made of the same ones. */
const TOGETHER = [
  checkCharacters,
  checkNameLength,
  checkLatest,
  checkDistinctNames,
  checkDeclaredNetworks,
  checkPaths,
  checkFalcoOutputs,
  checkBaseSyscalls,
  checkPlugins,
  checkRulesPackages,
  checkCredentials,
  checkResponses,
  checkSidekick,
  checkRecord,
  checkVariables,
  checkCollector,
  checkLokiAndGrafana,
] as const;

/** What is wrong with settings of which each is right alone. */
export function checkTogether(settings: Settings): Findings {
  return TOGETHER.map((check) => check(settings));
}

/** What is wrong with settings whose shape is right. */
export function checkSettings(settings: Settings): SettingsFinding[] {
  // An environment file may leave it out, for another that extends it; props can't.
  const { cluster } = settings as { cluster?: string };
  const nameless = cluster === undefined || cluster === '';
  return [
    ...(nameless
      ? [{ path: ['cluster'], message: `every alert names its cluster; set cluster, such as 'prod-eu-1'` }]
      : []),
    ...ALONE.flatMap((check) => check(settings)),
    ...flat(checkTogether(settings)),
  ];
}

/** Settings that contradict each other or that Kubernetes or Falco would refuse. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'INVALID_SETTINGS';

  constructor(readonly findings: readonly SettingsFinding[]) {
    super(findings.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  }
}
