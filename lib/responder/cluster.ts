import { AuthenticationV1Api, Health } from '@kubernetes/client-node';
import { clusterError, connect, within } from '../program/cluster-connection';
import type { Readiness } from './readiness';
import type { Reviewer } from './token-review';

/** An alert's sender waits for an answer, a probe too. */
const CALL_TIMEOUT = 900;

/** What the responder asks of the cluster. */
export interface Cluster {
  /** Whose token it is. Needs the right to create TokenReviews. */
  readonly review: Reviewer;
  /** Whether the API server says that it is ready, with its storage. */
  readonly readiness: () => Promise<Readiness>;
}

/** The cluster that `connect` finds. */
export function realCluster(): Cluster {
  const config = connect();
  const authentication = config.makeApiClient(AuthenticationV1Api);
  const health = new Health(config);
  return {
    review: async (token, audience) => {
      const body = { spec: { token, audiences: [audience] } };
      try {
        const { status } = await authentication.createTokenReview({ body }, within(CALL_TIMEOUT));
        const valid = status?.authenticated === true && status.audiences?.includes(audience) === true;
        const [node] = status?.user?.extra?.['authentication.kubernetes.io/node-name'] ?? [];
        return { user: valid ? status.user?.username : undefined, node };
      } catch (error) {
        throw clusterError(error, 'create TokenReview');
      }
    },
    readiness: async () => {
      try {
        const ready = await health.readyz({ signal: AbortSignal.timeout(CALL_TIMEOUT) });
        return {
          ready,
          why: ready ? 'ok' : 'the API server says that it is not ready, or does not know our token',
        };
      } catch {
        return { ready: false, why: 'the API server does not answer' };
      }
    },
  };
}
