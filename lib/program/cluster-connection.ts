import { ApiException, KubeConfig, Observable, type ConfigurationOptions } from '@kubernetes/client-node';
import { existsSync } from 'node:fs';
import { ClusterError } from './cluster-error';
import { messageOf, UsageError } from './failure';

const TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Where the cluster is: the file that KUBECONFIG names, else the Pod's own ServiceAccount. Never a default of
 * somebody's workstation.
 */
export function connect(): KubeConfig {
  const config = new KubeConfig();
  const file = process.env['KUBECONFIG'];
  if (file !== undefined && file !== '') {
    config.loadFromFile(file);
  } else if (process.env['KUBERNETES_SERVICE_HOST'] !== undefined && existsSync(TOKEN_FILE)) {
    config.loadFromCluster();
  } else {
    throw new UsageError(
      `no cluster: there is neither KUBECONFIG nor the token of a ServiceAccount in ${TOKEN_FILE}`,
    );
  }
  return config;
}

/** Options of one call that give up after a time. */
export function within(milliseconds: number): ConfigurationOptions {
  return {
    middlewareMergeStrategy: 'append',
    middleware: [
      {
        pre: (request) => {
          request.setSignal(AbortSignal.timeout(milliseconds));
          return new Observable(Promise.resolve(request));
        },
        post: (response) => new Observable(Promise.resolve(response)),
      },
    ],
  };
}

/** The HTTP status of an answer that was no success. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof ApiException ? error.code : undefined;
}

/** What went wrong, in one line; `doing` says what was asked for. */
export function clusterError(error: unknown, doing: string): ClusterError {
  const status = statusOf(error);
  if (status === undefined) return unanswered(error, doing);
  return refused(status, error instanceof ApiException ? error.body : undefined, doing);
}

/** There was no answer. */
export function unanswered(error: unknown, doing: string): ClusterError {
  const message = `the API server did not answer (${doing}): ${messageOf(error)}`;
  return new ClusterError('API_UNREACHABLE', message, true);
}

/** The answer was no success; `body` is the API's own Status, or its text. */
export function refused(status: number, body: unknown, doing: string): ClusterError {
  const message = `the API server answered ${status} (${doing}): ${reason(body)}`;
  if (status === 401 || status === 403)
    return new ClusterError('API_FORBIDDEN', message, status === 401, status);
  if (status === 404) return new ClusterError('API_NOT_FOUND', message, false, status);
  return new ClusterError('API_REFUSED', message, status === 429 || status >= 500, status);
}

/** The message of the API's own Status object. */
function reason(body: unknown): string {
  const status: unknown = typeof body === 'string' ? parsed(body) : body;
  if (typeof status === 'object' && status !== null && 'message' in status) return String(status.message);
  return 'no reason given';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
