import { coverageText } from '../history/coverage';
import type { AdviceOptions, Sureness } from './advice';
import { behindText, type Behind } from './behind-proxies';
import { DNS_PORT } from './dns';
import { notNeededText } from './not-needed';
import type { Observed } from './observed';
import type { Needed } from './rules';
import { lengthText, minuteOf, timesText } from './words';

const MOST = 5;
/** Whoever saw less than a day of it, in milliseconds, has seen no night and no day of it. */
const ENOUGH = 86_400_000;

/** What all but the rules of a policy is made of. */
export interface Found {
  readonly observed: Observed;
  readonly sure: Sureness;
  /** What the policy lets open. */
  readonly needed: readonly Needed[];
  /** Left out, for each attempt failed. */
  readonly failed: readonly Needed[];
  /** Opened though all of its attempts failed. */
  readonly failedButOpened: number;
  /** Policies that allow some of it already, and how many targets. */
  readonly allowed: { readonly by: readonly string[]; readonly targets: number };
  readonly refused: { readonly by: readonly string[]; readonly targets: readonly string[] };
  /** Ports whose protocol no alert told. */
  readonly guessed: number;
  /** What proxies reached for it. */
  readonly behind: readonly Behind[];
}

/** What somebody should know of a policy before it is applied: a line each. */
export function notesOn(
  { observed, sure, ...found }: Found,
  { watched, coverage }: AdviceOptions,
): readonly string[] {
  const { workload, notNeeded } = observed;
  const span = `${minuteOf(sure.first)} to ${minuteOf(sure.last)} UTC`;
  const { needed, failed, failedButOpened, allowed, refused, guessed, behind } = found;
  return [
    `${sure.attempts} ${sure.attempts === 1 ? 'attempt' : 'attempts'} of ${sure.pods} ${sure.pods === 1 ? 'Pod' : 'Pods'}, ${span}${
      watched === undefined ? '' : `; watched from ${minuteOf(watched.from)} to ${minuteOf(watched.to)}`
    }`,
    ...(watched !== undefined && watched.to - watched.from < ENOUGH
      ? [
          `LOOK: watched for ${lengthText(watched.to - watched.from)} only: what it reaches at other times of a day or a week is missing`,
        ]
      : []),
    startUpText(sure),
    coverageText(coverage),
    sure.turnsDenyOn
      ? 'turns default-deny on: no policy restricts the egress of these Pods today; from then on only what some policy allows goes out'
      : `adds to what is there${allowed.by.length === 0 ? '' : `: ${allowed.by.join(', ')} ${allowed.by.length === 1 ? 'allows' : 'allow'} ${targetsText(allowed.targets)} already`}`,
    ...(refused.targets.length === 0
      ? []
      : [
          `LOOK: opens what ${refused.by.join(', ')} ${refused.by.length === 1 ? 'refuses' : 'refuse'} today: ${some(refused.targets)}`,
        ]),
    ...(failed.length === 0 ? [] : [`left out, for all attempts failed: ${some(failed.map(failedText))}`]),
    ...(failedButOpened === 0 ? [] : [`${targetsText(failedButOpened)} opened though all attempts failed`]),
    ...(guessed === 0 ? [] : [`${portsText(guessed)} of which no alert tells the protocol taken for TCP`]),
    ...lookUpNote(needed),
    ...nodesNote(needed),
    ...notNeededText([notNeeded]),
    ...behindNote(behind, observed),
    ...(workload.alsoSelects.length === 0
      ? []
      : [
          `LOOK: nothing tells its Pods from those of ${some(workload.alsoSelects)}, which this policy holds too`,
        ]),
    ...(sure.cut === 0
      ? []
      : [`LOOK: ${timesText(sure.cut)} more to further targets, of which there were too many to keep`]),
  ];
}

function startUpText({ startUp, isStartUpKnown }: Sureness): string {
  if (startUp !== undefined) return `start-up seen: ${startUp}`;
  return isStartUpKnown
    ? 'start-up not seen: none of its Pods began in that time; what it reaches only then is missing'
    : 'start-up unknown: nothing tells when all of its Pods began; what it reaches only then may be missing';
}

function failedText({ seen: { target }, ports }: Needed): string {
  const name = target.kind === 'address' ? target.address : target.name;
  const [first] = ports;
  const all = ports.reduce((sum, { failed }) => sum + failed, 0);
  const more = ports.length > 1 ? ` and ${ports.length - 1} more ports` : '';
  const error = first?.error === undefined ? '' : ` ${first.error}`;
  return `${name} ${first?.protocol ?? ''} ${first?.port ?? ''}${more} (${timesText(all)}${error})`;
}

/** Before most C libraries connect by TCP, they connect by UDP to each address that a name has, and send nothing. */
function lookUpNote(needed: readonly Needed[]): string[] {
  const byTcp = new Set(
    needed.flatMap(({ ports }) => ports.flatMap(({ protocol, port }) => (protocol === 'TCP' ? [port] : []))),
  );
  const isBeside = ({ protocol, port }: Needed['ports'][number]): boolean =>
    protocol === 'UDP' && port !== DNS_PORT && byTcp.has(port);
  const beside = needed.filter(({ ports }) => ports.some(isBeside)).length;
  return beside === 0
    ? []
    : [
        `LOOK: UDP of ${targetsText(beside)} at a port that it reached by TCP: a C library that looks up a name connects so to each of its addresses, and sends nothing; take out UDP where the program does not speak it`,
      ];
}

function nodesNote(needed: readonly Needed[]): string[] {
  const nodes = needed.filter(({ seen: { target } }) => target.kind === 'address' && target.isNode).length;
  return nodes === 0
    ? []
    : [
        `LOOK: opens the addresses of ${nodes} ${nodes === 1 ? 'node' : 'nodes'}: a node that is made anew has another`,
      ];
}

/** What goes through a proxy needs the way to it, and no other. */
function behindNote(behind: readonly Behind[], { targets }: Observed): string[] {
  if (behind.length === 0) return [];
  const isKnown = [...targets.values()].some(({ isProxy }) => isProxy);
  return [
    `through a proxy, by its log: ${behindText(behind)}; this policy opens the way to the proxy, and none of these`,
    ...(isKnown
      ? []
      : ['LOOK: which of its destinations is the proxy is not known, or it was not reached: see --proxy']),
  ];
}

function some(texts: readonly string[]): string {
  const shown = texts.slice(0, MOST).join(', ');
  return texts.length > MOST ? `${shown} and ${texts.length - MOST} more` : shown;
}

function targetsText(count: number): string {
  return `${count} ${count === 1 ? 'destination' : 'destinations'}`;
}

function portsText(count: number): string {
  return `${count} ${count === 1 ? 'port' : 'ports'}`;
}
