import { objectName } from '../../names';
import { ClusterError } from '../../program/cluster-error';
import { messageOf } from '../../program/failure';
import type { Log } from '../../program/log';
import type { WatchedPod } from '../cluster/cluster';
import type { CheckedConfig } from '../config';
import type { PodReport } from '../report/report';
import type { SendAlert } from '../report/reporter';
import { recordOf } from '../respond/inputs';
import { podOf } from '../respond/reports';
import { isOurs } from '../respond/standing-policy';
import type { Holdings } from './holdings';
import { releasePod, type PodRelease } from './release-pod';
import { Teller } from './teller';

/** What happens to quarantines before the responder goes. */
export type UninstallMode = 'report' | 'release';

/** What it is done with. */
export interface UninstallProps {
  readonly mode: UninstallMode;
  readonly config: Pick<CheckedConfig, 'cluster' | 'name' | 'namespace'>;
  readonly holdings: Holdings;
  /** Where there is a falcosidekick. */
  readonly send: SendAlert | undefined;
  readonly log: Log;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Pauses after a failure that may pass: the network and the rights of a new Pod may take some seconds. */
const PAUSES = [1000, 2000, 4000, 8000];
/** How often it is looked whether the responder has ended: for a minute. */
const LOOKS = 60;
const BETWEEN_LOOKS = 1000;

/**
 * What the responder holds, before it goes for good: tells of each Pod that stays cut off, or releases them all and takes
 * our policies away. It may be done again after a failure: nothing is told or done twice.
 *
 * @returns the exit code: 0, or 1 where a Pod could not be released
 */
export async function runUninstall(props: UninstallProps): Promise<0 | 1> {
  for (const pause of PAUSES) {
    try {
      return await attempt(props);
    } catch (error) {
      // Rights may be made at the same time as this Pod.
      if (!(error instanceof ClusterError) || !(error.passing || error.status === 403)) throw error;
      props.log('info', error.message, { code: error.code, retryInMs: pause });
      await props.pause(pause);
    }
  }
  return attempt(props);
}

function attempt(props: UninstallProps): Promise<0 | 1> {
  const { holdings, send, config, log } = props;
  const teller = new Teller({ writes: holdings.writes, send, cluster: config.cluster, log });
  return props.mode === 'report' ? report(props, teller) : release(props, teller);
}

async function report({ holdings, log }: UninstallProps, teller: Teller): Promise<0> {
  const held = await holdings.quarantined();
  for (const pod of held) await teller.tell('warning', stays(pod, 'the responder is uninstalled', ''));
  if (held.length === 0) log('info', 'no Pod is cut off');
  else
    log(
      'warning',
      `${count(held.length)} cut off, and nothing ends that any more: falco-egress quarantine list shows them, falco-egress quarantine release --all releases them`,
      { pods: held.map(nameOf) },
    );
  return 0;
}

async function release(props: UninstallProps, teller: Teller): Promise<0 | 1> {
  const { holdings, log } = props;
  // It would cut off again whatever raises another alert.
  await endResponder(props);
  const held = await holdings.quarantined();
  const failures: unknown[] = [];
  for (const pod of held) {
    try {
      await tellOf(await releasePod(holdings.writes, pod), pod, teller);
    } catch (error) {
      // One that can't be released must not hold up the others.
      failures.push(error);
      log('warning', `${nameOf(pod)} is not released: ${messageOf(error)}`);
    }
  }
  await removePolicies(holdings);
  if (failures.length > 0) throw failures[0];
  const left = await holdings.quarantined();
  if (left.length === 0) log('info', `${held.length} released, no Pod is cut off`);
  else
    log('error', `${count(left.length)} still cut off; release them, or uninstall without hooks`, {
      pods: left.map(nameOf),
    });
  return left.length === 0 ? 0 : 1;
}

async function endResponder({ config, holdings, log, pause }: UninstallProps): Promise<void> {
  const { namespace, name } = config;
  await holdings.stopResponder({ namespace, name: objectName(name, 'responder') });
  for (let look = 0; look < LOOKS; look++) {
    if ((await holdings.responders({ namespace, name })) === 0) return;
    await pause(BETWEEN_LOOKS);
  }
  log('warning', 'the responder has not ended: it may cut off again what is released now');
}

async function tellOf(outcome: PodRelease, pod: WatchedPod, teller: Teller): Promise<void> {
  if (outcome.kind === 'gone') return;
  if (outcome.kind === 'refused') {
    await teller.tell('warning', stays(pod, outcome.why, ' --force'));
    return;
  }
  const kept =
    outcome.kept.length === 0 ? '' : ` (labels that were set anew stay: ${outcome.kept.join(', ')})`;
  await teller.tell('info', {
    ...about(pod),
    reason: 'Released',
    line: `released ${nameOf(pod)}: the responder is uninstalled${kept}`,
  });
}

/** Never one that a Pod needs yet, nor one that isn't ours. */
async function removePolicies(holdings: Holdings): Promise<void> {
  const policies = (await holdings.standingPolicies()).filter(isOurs);
  const needed = new Set((await holdings.quarantined()).map(({ metadata }) => metadata?.namespace));
  for (const { metadata } of policies) {
    const { namespace = '', name = '', uid = '' } = metadata ?? {};
    if (!needed.has(namespace)) await holdings.writes.deleteNetworkPolicy({ namespace, name }, uid);
  }
  if (needed.size === 0) await holdings.removeDenyPolicies();
}

function stays(pod: WatchedPod, why: string, flags: string): PodReport {
  const record = recordOf(pod);
  const because = record === undefined ? '' : ` (quarantined: ${record.reason})`;
  const until = record?.expires === undefined ? '' : `, also after ${record.expires}`;
  return {
    ...about(pod),
    reason: 'StaysQuarantined',
    line: `${nameOf(pod)}${because} stays cut off until somebody releases it${until}: ${why}; run falco-egress quarantine release ${nameOf(pod)}${flags}`,
  };
}

/** A second uninstallation tells the same of the same quarantine. */
function about(pod: WatchedPod): Pick<PodReport, 'pod' | 'about' | 'response'> {
  const record = recordOf(pod);
  return {
    pod: podOf(pod),
    about: `uninstall ${record?.since ?? ''}`,
    ...(record !== undefined && { response: record.by }),
  };
}

function nameOf({ metadata }: WatchedPod): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}

function count(pods: number): string {
  return pods === 1 ? '1 Pod stays' : `${pods} Pods stay`;
}
