import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseAllDocuments } from 'yaml';

/** One YAML document of a manifest file: the bytes on disk, and what they say. */
export interface Manifest {
  /** Name of the file, without its folder. */
  readonly file: string;
  /** The document's own text, unchanged. */
  readonly text: string;
  readonly object: KubernetesObject;
}

/** What every Kubernetes object has; the rest is unknown. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** The part of an object's metadata that tests look at. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The names of the YAML files right in `dir`, sorted; the order in which kubectl takes them. */
export async function manifestFiles(dir: string): Promise<readonly string[]> {
  const files = (await readdir(dir)).filter((file) => /\.ya?ml$/.test(file)).sort();
  if (files.length === 0) throw new Error(`no YAML files in ${dir}`);
  return files;
}

/** Every object of the YAML files in `dir`, in file-name order. */
export async function readManifests(dir: string): Promise<readonly Manifest[]> {
  const files = await manifestFiles(dir);
  const perFile = files.map(async (file) => parseManifests(file, await readFile(join(dir, file), 'utf8')));
  return (await Promise.all(perFile)).flat();
}

/** Every object of one file's text; empty documents are left out. */
function parseManifests(file: string, source: string): readonly Manifest[] {
  // kubectl reads YAML 1.1: `on` is true, and 0440 is octal.
  const documents = parseAllDocuments(source, { version: '1.1' });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw new Error(`${file}: ${problem.message}`);
    const object: unknown = document.toJS();
    if (object === null) return [];
    if (!isKubernetesObject(object)) {
      throw new Error(`${file}: a document lacks apiVersion, kind or metadata.name`);
    }
    return [{ file, text: source.slice(document.range[0], document.range[2]), object }];
  });
}

/** Whether `value` has what every Kubernetes object must have. */
function isKubernetesObject(value: unknown): value is KubernetesObject {
  if (!isRecord(value) || typeof value['apiVersion'] !== 'string' || typeof value['kind'] !== 'string')
    return false;
  return isRecord(value['metadata']) && typeof value['metadata']['name'] === 'string';
}

/** Whether `value` is a plain map from names to anything. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How tests name an object: `Deployment falco/ui`, or `ClusterRole reader`. */
export function describeObject({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}
