import { KubeConfig } from '@kubernetes/client-node';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { messageOf } from '../program/failure';
import { nearest } from '../schema/nearest';
import { UsageError } from '../synth/usage-error';
import { CommandError } from './command-error';
import type { ClusterOptions } from './kubeconfig-options';

export { CLUSTER_HELP, CLUSTER_OPTIONS, type ClusterOptions } from './kubeconfig-options';

/**
 * The kubeconfig that kubectl would use.
 *
 * @throws CommandError `NO_CLUSTER`, and UsageError for a context that there isn't
 */
export function kubeconfigOf({ kubeconfig, context }: ClusterOptions): KubeConfig {
  const files = filesOf(kubeconfig);
  const config = new KubeConfig();
  try {
    for (const [index, file] of files.entries()) {
      if (index === 0) config.loadFromFile(file);
      else {
        const more = new KubeConfig();
        more.loadFromFile(file);
        config.mergeConfig(more, true);
      }
    }
  } catch (error) {
    const [why = ''] = messageOf(error).split('\n', 1);
    throw new CommandError('NO_CLUSTER', `${files.join(delimiter)} can't be read: ${why}`);
  }
  const names = config.getContexts().map(({ name }) => name);
  if (context !== undefined && !names.includes(context)) {
    const meant = nearest(context, names);
    const hint = meant === undefined ? '' : `; did you mean '${meant}'?`;
    throw new UsageError(`there is no context '${context}' in ${files.join(delimiter)}${hint}`);
  }
  if (context !== undefined) config.setCurrentContext(context);
  if (config.getCurrentCluster() === null)
    throw new CommandError(
      'NO_CLUSTER',
      `${files.join(delimiter)} names no cluster; choose one by --context`,
    );
  // Requests would be made in the name of whoever impersonates, who mostly may do more.
  if (config.getCurrentUser()?.impersonateUser !== undefined)
    throw new CommandError(
      'IMPERSONATION',
      `${files.join(delimiter)} impersonates somebody (as), which is not supported here`,
    );
  return config;
}

function filesOf(given: string | undefined): string[] {
  if (given !== undefined) return [given];
  const home = join(homedir(), '.kube', 'config');
  const named = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  // As kubectl does it: of a list, files that aren't there are passed over.
  const files = named.length > 0 ? named : [home];
  const there = files.filter((file) => existsSync(file));
  if (there.length > 0) return there;
  throw new CommandError(
    'NO_CLUSTER',
    named.length > 0
      ? `no cluster: ${named.join(delimiter)} (KUBECONFIG) is not there`
      : 'no cluster: there is neither $KUBECONFIG nor ~/.kube/config; name a file by --kubeconfig',
  );
}
