import { diffLines } from 'diff';
import { identity, type ManifestObject } from './manifest-files';

/** How one object differs between two sets of manifests. */
export type ObjectChange =
  | { readonly change: 'added' | 'removed'; readonly object: string }
  | { readonly change: 'changed'; readonly object: string; readonly fields: readonly FieldChange[] };

/** One field that differs; an absent value means that the field is not there. */
interface FieldChange {
  /** Keys joined by dots; items of a list by their name where they have one, else by their index. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What a change does to manifests, in objects and fields. */
export function diffObjects(
  before: readonly ManifestObject[],
  after: readonly ManifestObject[],
): ObjectChange[] {
  const old = new Map(before.map((object) => [identity(object), object]));
  const now = new Map(after.map((object) => [identity(object), object]));
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key): ObjectChange[] => {
    const [was, is] = [old.get(key), now.get(key)];
    const object = describe(was ?? is);
    if (was === undefined) return [{ change: 'added', object }];
    if (is === undefined) return [{ change: 'removed', object }];
    const fields = diffFields(was, is, '');
    return fields.length > 0 ? [{ change: 'changed', object, fields }] : [];
  });
}

/** The same of files that hold no objects, by name. */
export function diffTexts(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): ObjectChange[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((name): ObjectChange[] => {
    const [was, is] = [before.get(name), after.get(name)];
    const object = `file ${name}`;
    if (was === undefined) return [{ change: 'added', object }];
    if (is === undefined) return [{ change: 'removed', object }];
    return was === is ? [] : [{ change: 'changed', object, fields: diffFields(was, is, 'text') }];
  });
}

function describe(object: ManifestObject | undefined): string {
  if (object === undefined) return '';
  const { kind, metadata } = object;
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}

function diffFields(before: unknown, after: unknown, path: string): FieldChange[] {
  if (before === after) return [];
  if (isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after)) {
    const [was, is] = [members(before), members(after)];
    return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) =>
      diffFields(was.get(key), is.get(key), join(path, key)),
    );
  }
  return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function members(value: object): Map<string, unknown> {
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const items = value as readonly unknown[];
  const names = items.map((item) => (isContainer(item) ? (item as { name?: unknown }).name : undefined));
  const named = names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
  return new Map(items.map((item, index) => [named ? `[${String(names[index])}]` : `[${index}]`, item]));
}

function join(path: string, key: string): string {
  if (key.startsWith('[')) return `${path}${key}`;
  const name = /[./]/.test(key) ? `[${key}]` : key;
  return path === '' || name.startsWith('[') ? `${path}${name}` : `${path}.${name}`;
}

/** Changes as people read them: a line an object, a line a field, and lines of texts that differ. */
export function renderChanges(changes: readonly ObjectChange[]): string {
  return changes
    .map((change) => {
      if (change.change === 'changed')
        return `~ ${change.object}\n${change.fields.map(renderField).join('')}`;
      return `${change.change === 'added' ? '+' : '-'} ${change.object}\n`;
    })
    .join('');
}

function renderField({ path, before, after }: FieldChange): string {
  if (typeof before === 'string' && typeof after === 'string' && `${before}${after}`.includes('\n'))
    return `    ${path}:\n${renderLines(before, after)}`;
  return `    ${path}: ${renderValue(before)} → ${renderValue(after)}\n`;
}

function renderLines(before: string, after: string): string {
  return diffLines(before, after)
    .filter(({ added, removed }) => added || removed)
    .flatMap(({ value, added }) =>
      value
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `      ${added ? '+' : '-'} ${line}\n`),
    )
    .join('');
}

function renderValue(value: unknown): string {
  return value === undefined ? '(nothing)' : JSON.stringify(value);
}
