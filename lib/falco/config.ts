import { formatPath, type SchemaFinding } from '../schema/finding';
import { findUnusable } from './config-unusable';
import { checkNode, type RemovedKeys } from '../schema/check';
import type { FalcoConfig } from './generated/0.44.1/config';
import { falcoVersion, type FalcoVersion } from './versions';

export { formatPath } from '../schema/finding';
export type { SchemaFinding } from '../schema/finding';
export type { FalcoConfig } from './generated/0.44.1/config';

/** Keys that Falco once had at the top or under `engine`, and what became of them. */
const REMOVED: RemovedKeys = {
  grpc: 'Falco 0.44 removed its gRPC server; use http_output',
  grpc_output: 'Falco 0.44 removed its gRPC server; use http_output',
  rules_file: 'Falco 0.38 replaced it by rules_files',
  outputs: 'Falco 0.37 removed rate limits on alerts',
  'engine.ebpf': 'Falco 0.44 removed the old eBPF probe; use modern_ebpf',
  'engine.gvisor': 'Falco 0.44 removed gVisor support',
};

/** A configuration that Falco would warn about or not start with. */
export class FalcoConfigError extends Error {
  override readonly name = 'FalcoConfigError';
  readonly code = 'INVALID_FALCO_CONFIG';

  constructor(
    readonly findings: readonly SchemaFinding[],
    readonly version: FalcoVersion,
  ) {
    const lines = findings.map(({ path, message }) =>
      path.length === 0 ? `  ${message}` : `  ${formatPath(path)}: ${message}`,
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
export function checkFalcoConfig(value: unknown, version: FalcoVersion): SchemaFinding[] {
  const schema = falcoVersion(version).configSchema();
  return [...checkNode(schema, value, REMOVED), ...findUnusable(value)];
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
