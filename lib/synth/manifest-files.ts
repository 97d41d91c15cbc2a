import { dump } from 'js-yaml';
import type { Component } from '../names';
import { SYNC_WAVE } from '../constructs/metadata';

/** A synthesized object. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/**
 * Files in the order in which `kubectl apply -f FOLDER` takes them: namespaces before what lives in them, configuration
 * before what reads it. A component that is not named here comes last.
 */
const ORDER: readonly (readonly [string, readonly Component[]])[] = [
  ['00', ['namespaces']],
  ['10', ['certificates', 'secrets', 'rules', 'installation']],
  ['20', ['metacollector', 'collector']],
  ['30', ['falco', 'sidekick', 'sidekick-ui', 'sidekick-ui-store', 'responder', 'loki', 'grafana']],
  ['40', ['demo']],
];

/** The files of one environment: names and texts. The same objects always give the same bytes. */
export function manifestFiles(objects: readonly ManifestObject[]): Map<string, string> {
  const byFile = new Map<string, ManifestObject[]>();
  for (const object of objects) {
    const name = fileName(object);
    byFile.set(name, [...(byFile.get(name) ?? []), object]);
  }
  return new Map(
    [...byFile].sort(([a], [b]) => compare(a, b)).map(([name, members]) => [name, text(members)]),
  );
}

function fileName(object: ManifestObject): string {
  const component = (object.metadata.labels?.['app.kubernetes.io/component'] ?? 'namespaces') as Component;
  const [prefix = '50'] = ORDER.find(([, components]) => components.includes(component)) ?? [];
  return `${prefix}-${component}.yaml`;
}

function text(objects: readonly ManifestObject[]): string {
  return [...objects]
    .sort(inOrder)
    .map((object) => `---\n${print(object)}`)
    .join('');
}

/** Texts of objects by their JSON: environments share most of their objects, and JSON is far cheaper to print. */
const printed = new Map<string, string>();

function print(object: ManifestObject): string {
  const key = JSON.stringify(object);
  const known = printed.get(key);
  if (known !== undefined) return known;
  const made = dump(object, { sortKeys: true, noRefs: true, lineWidth: -1 });
  printed.set(key, made);
  return made;
}

function inOrder(a: ManifestObject, b: ManifestObject): number {
  return wave(a) - wave(b) || compare(identity(a), identity(b));
}

function wave(object: ManifestObject): number {
  return Number(object.metadata.annotations?.[SYNC_WAVE] ?? 0);
}

/** What makes an object unique in a cluster. */
export function identity({ apiVersion, kind, metadata }: ManifestObject): string {
  return [apiVersion, kind, metadata.namespace ?? '', metadata.name].join('/');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
