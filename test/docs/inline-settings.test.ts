import { load } from 'js-yaml';
import { checkNode } from '../../lib/schema/check';
import type { SchemaNode } from '../../lib/schema/node';
import { environmentSchema } from '../../lib/settings/generated/schema';
import { set } from '../helm/leaves';
import { documents, read } from './blocks';

/*
 * Settings that a sentence names, such as `tls.issuer: none`, are there and take the value.
 */

interface Mention {
  readonly place: string;
  readonly path: string;
  readonly value?: string;
}

/** Files whose names look like a setting. */
const FILES = /\.(yaml|json|txt|md|ts|crt|key)$/;

function mentionsIn(document: string): Mention[] {
  const text = read(document);
  return [...text.matchAll(/`([a-z]\w*(?:\.\w+)+)(?:: ([^`\n]+))?`/gi)]
    .filter(
      ([, path = '']) => Object.hasOwn(environmentSchema.keys, path.split('.')[0] ?? '') && !FILES.test(path),
    )
    .map(({ index, 1: path = '', 2: value }) => ({
      place: `${document}:${text.slice(0, index).split('\n').length}`,
      path,
      ...(value !== undefined && { value }),
    }));
}

const mentions = documents().flatMap(mentionsIn);

/** Whether there is such a setting; a word in capitals stands for any key. */
function exists(path: string): boolean {
  let nodes: readonly (SchemaNode | 'anything')[] = [environmentSchema];
  for (const key of path.split('.')) nodes = nodes.flatMap((node) => below(node, key));
  return nodes.length > 0;
}

function below(node: SchemaNode | 'anything', key: string): readonly (SchemaNode | 'anything')[] {
  if (node === 'anything') return [node];
  if (node.is === 'union') return node.of.flatMap((part) => below(part, key));
  if (node.is !== 'object') return [];
  if (Object.hasOwn(node.keys, key)) return [node.keys[key] ?? 'anything'];
  if (node.others !== undefined) return [node.others];
  return /^[A-Z]+$/.test(key) ? Object.values(node.keys) : [];
}

test('settings that sentences name are there', () => {
  expect(mentions.length).toBeGreaterThan(100);
  expect(mentions.filter(({ path }) => !exists(path))).toEqual([]);
});

test('settings take the values that sentences give them', () => {
  const given = mentions.filter(({ value }) => value !== undefined);
  expect(given.length).toBeGreaterThan(10);
  const wrong = given.flatMap(({ place, path, value = '' }) =>
    checkNode(environmentSchema, { cluster: 'c', ...set(path, load(value)) }).map(
      ({ message }) => `${place} ${path}: ${message}`,
    ),
  );
  expect(wrong).toEqual([]);
});
