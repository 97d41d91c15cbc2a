import type { Construct } from 'constructs';
import { ReleaseTests } from '../constructs/release-tests';
import { UninstallJob } from '../constructs/uninstall-job';
import type { FalcoEgressProps } from '../settings/settings';

/** What only the chart has beside the stack: hooks of Helm's. */
export function addHooks(stack: Construct, settings: FalcoEgressProps): void {
  new ReleaseTests(stack, 'tests', settings);
  new UninstallJob(stack, 'uninstall', settings);
}
