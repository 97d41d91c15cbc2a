import { ClusterError } from '../../program/cluster-error';

const ATTEMPTS = 5;

/** Reads an object and changes it; again where somebody else has changed it meanwhile. */
export async function despiteRaces<T>(readAndChange: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readAndChange();
    } catch (error) {
      const raced = error instanceof ClusterError && (error.status === 409 || isFailedTest(error));
      if (!raced || attempt === ATTEMPTS) throw error;
    }
  }
}

/** The API server's word for a JSON Patch whose `test` has failed, which is no fault of the patch. */
function isFailedTest({ status, message }: ClusterError): boolean {
  return status === 422 && message.includes('testing path');
}
