import { checkCollector } from './checks/collector';
import { checkCredentials } from './checks/credentials';
import { checkExempt } from './checks/exempt';
import { checkFalco } from './checks/falco';
import { checkImages } from './checks/images';
import { checkKubernetes } from './checks/kubernetes';
import { checkNames } from './checks/names';
import { checkPaths } from './checks/paths';
import { checkPlugins } from './checks/plugins';
import { checkResponses } from './checks/responses';
import { checkRulesPackages } from './checks/rules-packages';
import { checkSidekick } from './checks/sidekick';
import { checkVariables } from './checks/variables';
import type { SettingsFinding } from './finding';
import type { Settings } from './settings';

const CHECKS = [
  checkNames,
  checkKubernetes,
  checkPaths,
  checkExempt,
  checkImages,
  checkFalco,
  checkPlugins,
  checkRulesPackages,
  checkCredentials,
  checkResponses,
  checkSidekick,
  checkVariables,
  checkCollector,
] as const;

/** What is wrong with settings whose shape is right. */
export function checkSettings(settings: Settings): SettingsFinding[] {
  // An environment file may leave it out, for another that extends it; props can't.
  const { cluster } = settings as { cluster?: string };
  const nameless = cluster === undefined || cluster === '';
  return [
    ...(nameless
      ? [{ path: ['cluster'], message: `every alert names its cluster; set cluster, such as 'prod-eu-1'` }]
      : []),
    ...CHECKS.flatMap((check) => check(settings)),
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
