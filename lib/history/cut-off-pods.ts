import { textOf } from './fields';
import type { AlertRecord } from './read-connection';

/** By which alerts the responder tells that a Pod is cut off, or was done away with, and by which that it was let go on purpose. */
const RULE = /^falco-egress: (Quarantined|Contained|NotContained|StaysQuarantined|Evicted|Deleted|Released)$/;
const LETS_GO = 'Released';
/** So many names are kept. */
const MOST = 10_000;

interface Told {
  readonly at: bigint;
  readonly isCutOff: boolean;
}

/** Pods that were cut off in a history, as the responder's alerts tell. One whose time was over was not judged harmless. */
export class CutOffPods {
  /** By name, and then by UID, which is empty where none is told. */
  private readonly told = new Map<string, Map<string, Told>>();

  /** Takes an alert that is no connection. */
  note({ rule, time, fields }: AlertRecord): void {
    const [, reason] = RULE.exec(rule) ?? [];
    const [namespace, pod] = [textOf(fields, 'k8s.ns.name'), textOf(fields, 'k8s.pod.name')];
    if (reason === undefined || namespace === undefined || pod === undefined) return;
    const name = `${namespace}/${pod}`;
    const known = this.told.get(name) ?? new Map<string, Told>();
    if (known.size === 0 && this.told.size >= MOST) return;
    this.told.set(name, known);
    const uid = textOf(fields, 'k8s.pod.uid') ?? '';
    const before = known.get(uid);
    if (before === undefined || time >= before.at) known.set(uid, { at: time, isCutOff: reason !== LETS_GO });
  }

  /**
   * Whether it was, and was not let go since.
   *
   * @param isNameThere whether a Pod of that name is there that is not cut off: where no UID tells them apart, it is meant
   */
  has(namespace: string, pod: string, uid: string | undefined, isNameThere: boolean): boolean {
    const known = this.told.get(`${namespace}/${pod}`);
    if (known === undefined) return false;
    const own = uid === undefined ? undefined : known.get(uid);
    if (own !== undefined) return own.isCutOff;
    const isAnother = uid !== undefined && !known.has('');
    return !isAnother && !isNameThere && [...known.values()].some(({ isCutOff }) => isCutOff);
  }
}
