import { FILE_KEYS } from '../../lib/settings/environment';
import { environmentSchema } from '../../lib/settings/generated/schema';
import { merge } from '../../lib/settings/resolved';
import type { FalcoEgressProps } from '../../lib/settings/settings';
import type { SchemaNode } from '../../lib/schema/node';

/** Settings that differ from the defaults, as a values file has them. */
export type Values = Readonly<Record<string, unknown>>;

/** One setting that has no settings below it. */
export interface Leaf {
  readonly path: string;
  readonly schema: SchemaNode;
}

/** Every setting, by its path. */
export function leaves(): Leaf[] {
  return below(environmentSchema, []).filter(({ path }) => !FILE_KEYS.some((key) => key === path));
}

function below(schema: SchemaNode, path: readonly string[]): Leaf[] {
  if (schema.is !== 'object' || schema.others !== undefined) return [{ path: path.join('.'), schema }];
  return Object.entries(schema.keys).flatMap(([key, child]) => below(child, [...path, key]));
}

/** Values with one leaf set. */
export function set(path: string, value: unknown): Values {
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Values;
}

/** One over the other, as Helm and environments do it. */
export function together(...all: readonly Values[]): FalcoEgressProps {
  return all.reduce<object>(merge, { cluster: 'test' }) as FalcoEgressProps;
}
