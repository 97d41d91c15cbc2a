import { BLOCK_RULE, type BlockRule } from '../../advise/blocks';
import type { Proxy } from '../../history/proxies/proxy';
import type { ParsedOptions } from '../../synth/parse-options';
import { UsageError } from '../../synth/usage-error';
import { proxyOf } from '../history/declared-proxies';
import { HISTORY_FILES_HELP, HISTORY_HELP, HISTORY_OPTIONS } from '../history/options';
import { CLUSTER_HELP, CLUSTER_OPTIONS } from '../kubeconfig-options';
import { PROXY_HELP, PROXY_OPTIONS, proxyLogsOf, type ProxyLog } from '../history/proxy-logs';

export const ADVISE_HELP = `Usage: falco-egress advise [FILE…] [--loki URL…] [options]
       falco-egress advise --check POLICY [FILE…] [--loki URL…] [options]

Writes NetworkPolicies that fit what was seen: one a workload, of egress alone, with the cluster's DNS always allowed; or
says what a policy would have refused.

Arguments:
${HISTORY_FILES_HELP}

Options:
${HISTORY_HELP}
  -n, --namespace N  workloads of this namespace alone; may be given again
  -w, --workload W   this workload alone, such as cart or Deployment/cart; may be given again
  --cluster NAME     connections of this cluster alone, where the history holds several
  --cluster-state FILE  what is in the cluster, as kubectl get -A -o json or -o yaml writes it; may be given again
                     (default: the cluster is asked)
${CLUSTER_HELP}
  --failed WHAT      attempts that all failed: leave-out (default), or allow: advises or checks them too
${PROXY_HELP}
  --addresses N      up to N addresses of a rule stand each for itself (default: ${BLOCK_RULE.exact})
  --prefix N         no network of more addresses is larger than this (default: ${BLOCK_RULE.shortest[4]})
  --prefix6 N        the same of IPv6 (default: ${BLOCK_RULE.shortest[6]})
  --check POLICY     say what it would have refused: a file, or NAMESPACE/NAME of one in the cluster; may be given again
  --typescript       print the policies as TypeScript for cdk8s
  --diff             print what applying them would change
  --json             print the answer as JSON
  -h, --help         print this

Exit code 0: advised, or nothing would have been refused; 1: something would have been, --diff differs, the history is
partial, or what -n, -w or --cluster names isn't there, and says why; 2: wrong use or a failure.
`;

/** The options of `advise`. */
export const ADVISE_OPTIONS = {
  ...HISTORY_OPTIONS,
  ...CLUSTER_OPTIONS,
  namespace: { type: 'string', short: 'n', multiple: true },
  workload: { type: 'string', short: 'w', multiple: true },
  cluster: { type: 'string' },
  'cluster-state': { type: 'string', multiple: true },
  failed: { type: 'string' },
  ...PROXY_OPTIONS,
  addresses: { type: 'string' },
  prefix: { type: 'string' },
  prefix6: { type: 'string' },
  check: { type: 'string', multiple: true },
  typescript: { type: 'boolean' },
  diff: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What stood for {@link ADVISE_OPTIONS}. */
export type AdviseValues = ParsedOptions<typeof ADVISE_OPTIONS>['values'];

/** What the options say, once they have been read. */
export interface AdviseSettings {
  readonly allowFailed: boolean;
  readonly blocks: BlockRule;
  readonly proxies: readonly Proxy[];
  readonly proxyLogs: readonly ProxyLog[];
}

/**
 * Reads the options that say how policies are made.
 *
 * @throws UsageError
 */
export function adviseSettings(values: AdviseValues): AdviseSettings {
  const forms = [values.check !== undefined, values.typescript, values.diff].filter((each) => each === true);
  if (forms.length > 1) throw new UsageError('choose one of --check, --typescript and --diff');
  if (values.typescript === true && values.json === true)
    throw new UsageError('choose one of --typescript and --json');
  if (values['cluster-state'] !== undefined && (values.kubeconfig ?? values.context) !== undefined)
    throw new UsageError('give either --cluster-state, or the cluster to ask');
  return {
    allowFailed: allowFailedOf(values.failed),
    blocks: blockRuleOf(values),
    proxies: (values.proxy ?? []).map(proxyOf),
    proxyLogs: proxyLogsOf(values['proxy-log'] ?? []),
  };
}

function allowFailedOf(text = 'leave-out'): boolean {
  if (text === 'leave-out' || text === 'allow') return text === 'allow';
  throw new UsageError(`--failed must be leave-out or allow, not '${text}'`);
}

function blockRuleOf({ addresses, prefix, prefix6 }: AdviseValues): BlockRule {
  const number = (option: string, text: string | undefined, fallback: number, most: number): number => {
    if (text === undefined) return fallback;
    const value = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
    if (value >= 1 && value <= most) return value;
    throw new UsageError(`--${option} must be a number from 1 to ${most}, not '${text}'`);
  };
  const { exact, shortest, most } = BLOCK_RULE;
  return {
    exact: number('addresses', addresses, exact, 1000),
    shortest: {
      4: number('prefix', prefix, shortest[4], 32),
      6: number('prefix6', prefix6, shortest[6], 128),
    },
    most,
  };
}
