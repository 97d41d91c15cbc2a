import { checkedFalcoConfig } from '../constructs/falco-config';
import { rulesFileName } from '../constructs/rules';
import { assertRules } from '../constructs/rules-check';
import { FalcoConfigError } from '../falco/config';
import { RulesError, type Finding } from '../rules/finding';
import type { SchemaFinding } from '../schema/finding';
import { checkSettings } from '../settings/check';
import { checkEnvironmentShape } from '../settings/checks/shape';
import { fillDefaults, type FalcoEgressProps, type Settings } from '../settings/settings';
import type { Draft } from './draft';

/** What stands in the way of a synthesis of settings. */
interface Objection {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Warnings about rules that are taken over, by the names of their files in the package. */
export type RulesWarnings = readonly Finding[];

/**
 * Takes back settings that could not be synthesized, until the rest can be: an import ends with settings that work.
 *
 * @returns what Falco would warn about in the rules that stay
 */
export function settle(draft: Draft, rulesPackage: string): RulesWarnings {
  for (;;) {
    const settings = draft.settings() as unknown as FalcoEgressProps;
    const { objections, warnings } = judge(settings, rulesPackage);
    if (objections.length === 0) return warnings;
    const refused = objections.filter(({ path, message }) => draft.refuse(path, message));
    // Each round takes at least one setting back; without settings there is nothing to object to.
    if (refused.length === 0) throw new UnsettledError(objections);
  }
}

/** Settings that contradict themselves without any of the imported ones: a bug. */
class UnsettledError extends Error {
  override readonly name = 'UnsettledError';

  constructor(objections: readonly Objection[]) {
    super(objections.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  }
}

function judge(
  props: FalcoEgressProps,
  rulesPackage: string,
): { objections: readonly Objection[]; warnings: RulesWarnings } {
  const shape: readonly SchemaFinding[] = checkEnvironmentShape(props);
  if (shape.length > 0) return { objections: shape, warnings: [] };
  const settings = fillDefaults(props);
  const found = checkSettings(settings);
  if (found.length > 0) return { objections: found, warnings: [] };
  return judgeFalco(settings) ?? judgeRules(settings, rulesPackage);
}

function judgeFalco(
  settings: Settings,
): { objections: readonly Objection[]; warnings: RulesWarnings } | undefined {
  try {
    checkedFalcoConfig(settings);
    return undefined;
  } catch (error) {
    if (!(error instanceof FalcoConfigError)) throw error;
    const objections = error.findings.map(({ path, message }) => ({
      path: ['falco', 'config', ...path],
      message,
    }));
    return { objections, warnings: [] };
  }
}

function judgeRules(
  settings: Settings,
  rulesPackage: string,
): { objections: readonly Objection[]; warnings: RulesWarnings } {
  const files = Object.keys(settings.rulesPackages[rulesPackage] ?? {});
  const inPackage = (finding: Finding): string | undefined =>
    files.find((file) => rulesFileName(rulesPackage, file) === finding.file);
  try {
    const { findings } = assertRules(settings);
    const warnings = findings.flatMap((finding) => {
      const file = inPackage(finding);
      return file === undefined ? [] : [{ ...finding, file }];
    });
    return { objections: [], warnings };
  } catch (error) {
    if (!(error instanceof RulesError)) throw error;
    const objections = error.findings
      .filter(({ severity }) => severity === 'error')
      .map((finding) => ({
        path: ['rulesPackages', rulesPackage, inPackage(finding) ?? finding.file],
        message: `Falco would refuse line ${finding.line} of this text: ${finding.message}`,
      }));
    return { objections, warnings: [] };
  }
}
