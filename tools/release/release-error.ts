/** Why something is not released. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';

  constructor(
    readonly code:
      | 'BAD_VERSION'
      | 'CHANGELOG_EMPTY'
      | 'DIRTY_TREE'
      | 'FILE_MISSING'
      | 'OTHER_REPOSITORY'
      | 'TOOL_FAILED'
      | 'TOOL_MISSING'
      | 'USAGE'
      | 'VERSION_NOT_GREATER'
      | 'VERSIONS_DIFFER',
    message: string,
  ) {
    super(message);
  }
}

/** Runs a release command; what stands in its way is one line, and the exit code 1. */
export async function release(run: () => void | Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    console.error(`error ${error.code}: ${error.message}`);
    process.exitCode = 1;
  }
}
