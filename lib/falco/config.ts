import { formatConfigPath, type ConfigFinding } from './config-finding';
import { findUnusable } from './config-unusable';
import { checkNode } from './config-walk';
import type { FalcoConfig } from './generated/0.44.1/config';
import { falcoVersion, type FalcoVersion } from './versions';

export { formatConfigPath } from './config-finding';
export type { ConfigFinding } from './config-finding';
export type { FalcoConfig } from './generated/0.44.1/config';

/** A configuration that Falco would warn about or not start with. */
export class FalcoConfigError extends Error {
  override readonly name = 'FalcoConfigError';
  readonly code = 'INVALID_FALCO_CONFIG';

  constructor(
    readonly findings: readonly ConfigFinding[],
    readonly version: FalcoVersion,
  ) {
    const lines = findings.map(({ path, message }) =>
      path.length === 0 ? `  ${message}` : `  ${formatConfigPath(path)}: ${message}`,
    );
    super([`The Falco configuration is not right for Falco ${version}:`, ...lines].join('\n'));
  }
}

/**
 * Checks a configuration (the content of `falco.yaml`) for a Falco version and lists what is wrong;
 * nothing for a good one.
 *
 * The schema that Falco prints is held to the letter. Falco itself only warns where a file breaks its
 * schema, and then goes by its defaults, so a misspelt key is silent in a cluster. After these
 * findings, which stand in the order of the document, come values that the schema lets through and
 * Falco refuses at its start (`refused`) or never reads (`ignored`). A key whose value is `undefined`
 * counts as absent, as it is never printed.
 */
export function checkFalcoConfig(value: unknown, version: FalcoVersion): ConfigFinding[] {
  const schema = falcoVersion(version).configSchema();
  return [...checkNode(schema, value), ...findUnusable(value)];
}

/**
 * Throws unless a configuration is right for a Falco version.
 *
 * @throws {@link FalcoConfigError} with all findings
 */
export function assertFalcoConfig(value: unknown, version: FalcoVersion): asserts value is FalcoConfig {
  const findings = checkFalcoConfig(value, version);
  if (findings.length > 0) throw new FalcoConfigError(findings, version);
}
