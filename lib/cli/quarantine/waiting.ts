import {
  dismissalOf,
  dismissedOn,
  metadataPatch,
  waitingOn,
  type PendingQuarantine,
  type Pod,
} from '../../containment';
import { unchanged } from '../../containment/quarantine/json-patch';
import { answering, type Answer } from '../../containment/quarantine/answers';
import { QUARANTINE_PENDING_ANNOTATION } from '../../names';
import { quoted } from '../../responder/report/quoted';
import type { ObjectKey, WatchedPod } from '../../responder/cluster/cluster';
import { inert } from '../../rules/evaluate/printable';
import { parseOptions } from '../../synth/parse-options';
import { UsageError } from '../../synth/usage-error';
import { CommandError } from '../command-error';
import { CLUSTER_OPTIONS } from '../kubeconfig';
import { keyOf, QuarantineCluster } from './cluster';
import { podArgument } from './pod';

const OPTIONS = {
  ...CLUSTER_OPTIONS,
  response: { type: 'string', multiple: true },
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What a person answers, and where. */
export interface AskedAnswer {
  readonly key: ObjectKey;
  readonly choice: Choice;
  readonly cluster: QuarantineCluster;
  /** Who it is, as the API server says. */
  readonly by: string;
  readonly json: boolean;
}

/** Reads how an answer was called; `undefined` where only its help is asked for. */
export async function answerAsked(answer: Answer, args: readonly string[]): Promise<AskedAnswer | undefined> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.help === true) return undefined;
  const key = podArgument(positionals, answer);
  const choice = choiceOf(values);
  const cluster = new QuarantineCluster(values);
  return { key, choice, cluster, by: await cluster.me(), json: values.json === true };
}

/** What of it an answer is about: the responses of these names, all, or all where that can't be a mistake. */
export interface Choice {
  readonly responses: readonly string[];
  readonly all: boolean;
}

/** The choice that options make. */
function choiceOf({ response = [], all = false }: { response?: string[]; all?: boolean }): Choice {
  if (all && response.length > 0) throw new UsageError('either --all or --response NAME; see --help');
  return { responses: response, all };
}

/** Actions that take the Pod away for good. */
const FINAL: readonly (string | undefined)[] = ['evict', 'delete'];

/**
 * What waits on a Pod and a person means to answer.
 *
 * @throws where nothing waits, a name is none of those that wait, or an agreement to all could end the Pod by mistake
 */
export function chosenOf(pod: Pod, answer: Answer, { responses, all }: Choice): readonly PendingQuarantine[] {
  const waiting = openOn(pod);
  const where = whereIs(pod);
  for (const name of responses)
    if (!waiting.some(({ response }) => response === name))
      throw new CommandError(
        'NO_SUCH_RESPONSE',
        `response ${inert(name)} does not wait on ${where}; there waits:\n${listing(waiting)}`,
      );
  if (responses.length > 0) return waiting.filter(({ response }) => responses.includes(response));
  if (answer === 'dismiss' || all || waiting.length === 1) return waiting;
  const final = waiting.find(({ action }) => FINAL.includes(action));
  if (final === undefined) return waiting;
  throw new CommandError(
    'WHICH',
    `several wait on ${where}, and response ${inert(final.response)} would ${final.action ?? ''} it; say which by --response NAME, or --all:\n${listing(waiting)}`,
  );
}

/** What waits, but for what somebody has refused already. */
function openOn(pod: Pod): readonly PendingQuarantine[] {
  const where = whereIs(pod);
  const refused = dismissedOn(pod).map(({ response }) => response);
  const open = waitingOn(pod).filter(({ response }) => !refused.includes(response));
  if (open.length > 0) return open;
  if (refused.length > 0)
    throw new CommandError('NOTHING_WAITS', `${dismissalOf(pod) ?? ''} has refused what waited on ${where}`);
  if (pod.metadata?.annotations?.[QUARANTINE_PENDING_ANNOTATION] !== undefined)
    throw new CommandError('PENDING_UNREADABLE', `what waits on ${where} can't be read`);
  throw new CommandError(
    'NOTHING_WAITS',
    `nothing waits for a person on ${where}; see falco-egress quarantine list`,
  );
}

/** Writes a person's answer; what waits is tested, so that nobody answers what has come since. */
export function writeAnswer(
  cluster: QuarantineCluster,
  pod: Pod,
  answer: Answer,
  by: string,
  responses: readonly string[],
): Promise<WatchedPod> {
  const { metadata = {} } = pod;
  return cluster.writes.patchPod(keyOf(pod), [
    unchanged(metadata, 'annotations', QUARANTINE_PENDING_ANNOTATION),
    ...metadataPatch(metadata, answering(answer, by, responses)),
  ]);
}

/** What waits, in one line for an Event. */
export function linesOf(waiting: readonly PendingQuarantine[]): string {
  return waiting.map(({ line }) => line).join('; and ');
}

/** What waits, as JSON has it. */
export function told({ response, action, line }: PendingQuarantine): object {
  return { response, ...(action !== undefined && { action }), line };
}

function listing(waiting: readonly PendingQuarantine[]): string {
  return waiting
    .map(({ response, line }) => `  --response ${inert(quoted(response))}: ${inert(line)}`)
    .join('\n');
}

function whereIs(pod: Pod): string {
  const { namespace, name } = keyOf(pod);
  return `${namespace}/${name}`;
}
