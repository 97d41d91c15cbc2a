import { Failure } from './failure';

/** Something that the API server refuses, or that it cannot do now. */
export class ClusterError extends Failure {
  override readonly name = 'ClusterError';

  constructor(
    readonly code: 'API_UNREACHABLE' | 'API_FORBIDDEN' | 'API_NOT_FOUND' | 'API_REFUSED',
    message: string,
    /** Whether the same request may succeed later. */
    readonly passing: boolean,
    /** The HTTP status, where the API server has answered. */
    readonly status?: number,
  ) {
    super(message);
  }
}
