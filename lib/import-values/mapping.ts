import { isDeepStrictEqual } from 'node:util';
import type { Draft, Item, SettingPath } from './draft';

/** What to do with one value of the official chart, or with all that is below it. */
export interface Mapping {
  readonly apply: (item: Item, draft: Draft, root: unknown) => void;
  /** Whether an empty list or map means something; otherwise nothing is to be taken over. */
  readonly evenEmpty?: boolean;
}

/** Mappings by the dotted path of the chart's value. */
export type Table = Readonly<Record<string, Mapping>>;

/** As it is. */
export function taken(setting: string, note = ''): Mapping {
  return {
    apply: (item, draft) => {
      draft.take(item, path(setting), item.value, note);
    },
  };
}

/** Text; Helm's users leave out the quotes around numbers. */
export function text(setting: string, note = ''): Mapping {
  return {
    apply: (item, draft) => {
      if (isScalar(item.value)) draft.take(item, path(setting), String(item.value), note);
      else draft.unmapped(item, 'expected text');
    },
  };
}

/** A whole number. */
export function whole(setting: string): Mapping {
  return {
    apply: (item, draft) => {
      const number = Number(item.value);
      if (isScalar(item.value) && Number.isInteger(number)) draft.take(item, path(setting), number);
      else draft.unmapped(item, 'expected a whole number');
    },
  };
}

/** A switch. */
export function flag(setting: string, note = ''): Mapping {
  return {
    apply: (item, draft) => {
      const value = truth(item.value);
      if (value === undefined) draft.unmapped(item, 'expected true or false');
      else draft.take(item, path(setting), value, note);
    },
  };
}

/** Labels, annotations and the like: each by itself, so that one that is wrong does not cost the others. */
export function eachText(setting: string, note = ''): Mapping {
  return {
    apply: (item, draft) => {
      if (!isMap(item.value)) draft.unmapped(item, 'expected a map');
      else
        for (const [key, value] of Object.entries(item.value)) {
          const entry = { path: [...item.path, key], value };
          if (isScalar(value)) draft.take(entry, [...path(setting), key], String(value), note);
          else draft.unmapped(entry, 'expected text');
        }
    },
  };
}

/** Requests and limits. */
export function resources(setting: string): Mapping {
  return {
    apply: (item, draft) => {
      if (!isMap(item.value)) draft.unmapped(item, 'expected a map with requests and limits');
      else
        for (const [key, value] of Object.entries(item.value)) {
          const part = { path: [...item.path, key], value };
          if (key !== 'requests' && key !== 'limits')
            draft.unmapped(part, 'only requests and limits are settings');
          else if (isEmpty(value)) draft.unneeded(part, 'empty');
          else eachText(`${setting}.${key}`).apply(part, draft, undefined);
        }
    },
  };
}

/** Nothing is lost without it. */
export function unneeded(why: string): Mapping {
  return {
    apply: (item, draft) => {
      draft.unneeded(item, why);
    },
  };
}

/** It is there no more. */
export function gone(why: string): Mapping {
  return {
    apply: (item, draft) => {
      draft.gone(item, why);
    },
  };
}

/** No setting says the same. */
export function unmapped(why: string): Mapping {
  return {
    apply: (item, draft) => {
      draft.unmapped(item, why);
    },
  };
}

/** `then`, unless the value is what the chart, or the stack, has anyway. */
export function unless(values: readonly unknown[], why: string, then: Mapping): Mapping {
  return {
    ...then,
    apply: (item, draft, root) => {
      const same = values.some(
        (value) => isDeepStrictEqual(value, item.value) || (isScalar(value) && value === truth(item.value)),
      );
      if (same) draft.unneeded(item, why);
      else then.apply(item, draft, root);
    },
  };
}

/** The chart's own default needs nothing; any other value a person. */
export function onlyDefault(values: readonly unknown[], why: string): Mapping {
  return unless(values, `the chart's default`, unmapped(why));
}

/** Something that is off unless it is switched on. */
export function ifOn(why: string): Mapping {
  return unless([false], 'off', unmapped(why));
}

/** The mapping under several names. */
export function named(names: readonly string[], mapping: Mapping): Table {
  return Object.fromEntries(names.map((name) => [name, mapping]));
}

/** A table whose paths begin with `prefix`. */
export function under(prefix: string, table: Table): Table {
  return Object.fromEntries(Object.entries(table).map(([key, mapping]) => [`${prefix}.${key}`, mapping]));
}

/** True, false, or neither; YAML 1.1, which Helm's users may write, has more words for them. */
export function truth(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  if (/^(true|yes|on|y)$/i.test(value)) return true;
  return /^(false|no|off|n)$/i.test(value) ? false : undefined;
}

/** Whether there is nothing in a value. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** What stands at a dotted path. */
export function valueAt(root: unknown, dotted: string): unknown {
  let here = root;
  for (const key of dotted.split('.')) here = isMap(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  return here;
}

function path(setting: string): SettingPath {
  return setting.split('.');
}
