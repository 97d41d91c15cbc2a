import type { FieldNames, FieldSource } from '../../falco/field-source';
import { falcoVersion } from '../../falco/versions';
import { aboutField } from './about';
import { whyDeprecated } from './deprecated';
import type { Field, FieldArgument, FieldCatalogue, FieldType } from './field';
import { K8SMETA_FIELDS } from './k8smeta';

/** The plugins whose fields are known. */
export const FIELD_PLUGINS = ['container', 'k8smeta'] as const;

/** A Falco version's catalogue: one that also knows which events are one to Falco. */
export interface FalcoCatalogue extends FieldCatalogue {
  /** The names of system calls that Falco sees as the generic event. */
  readonly genericEventTypes: ReadonlySet<string>;
}

/** A plugin whose fields are not known here. */
export class UnknownFieldPluginError extends Error {
  override readonly name = 'UnknownFieldPluginError';
  readonly code = 'UNKNOWN_FIELD_PLUGIN';

  constructor(readonly plugin: string) {
    super(`The fields of plugin '${plugin}' are not known; known: ${FIELD_PLUGINS.join(', ')}.`);
  }
}

/**
 * The fields and events of a Falco version with its plugins.
 *
 * @param plugins @default `['container', 'k8smeta']`
 * @throws {@link UnknownFieldPluginError}, and UnknownFalcoVersionError
 */
export function falcoFields(version: string, plugins: readonly string[] = FIELD_PLUGINS): FalcoCatalogue {
  const key = [version, ...plugins].join(' ');
  const made = MADE.get(key) ?? makeCatalogue(version, plugins);
  MADE.set(key, made);
  return made;
}

/** Catalogues never change, and take longer to make than a small rules file to check. */
const MADE = new Map<string, FalcoCatalogue>();

function makeCatalogue(version: string, plugins: readonly string[]): FalcoCatalogue {
  const source = falcoVersion(version).fieldSource;
  const fields = new Map<string, Field>(readNames(source.falco, undefined));
  for (const plugin of plugins) {
    for (const [name, field] of readNames(pluginFields(plugin, source), plugin)) fields.set(name, field);
  }
  let names: readonly string[] | undefined;
  let events: EventNames | undefined;
  let parameters: ReadonlyMap<string, FieldType> | undefined;
  return {
    field: (name) => fields.get(name),
    get names() {
      return (names ??= [...fields.keys()]);
    },
    get eventTypes() {
      return (events ??= readEvents(source, plugins)).all;
    },
    get genericEventTypes() {
      return (events ??= readEvents(source, plugins)).generic;
    },
    get eventParameters() {
      return (parameters ??= readParameters(source));
    },
  };
}

interface EventNames {
  readonly all: ReadonlySet<string>;
  readonly generic: ReadonlySet<string>;
}

/** Events that the container plugin makes itself; and the generic event's own name, which binds to nothing. */
const CONTAINER_EVENTS = ['container_added', 'container_removed'];
const GENERIC_EVENT = 'syscall';

function readEvents(source: FieldSource, plugins: readonly string[]): EventNames {
  const generic = new Set(source.genericEvents.split(' '));
  const own = plugins.includes('container') ? CONTAINER_EVENTS : [];
  return { all: new Set([...source.events.split(' '), ...generic, ...own, GENERIC_EVENT]), generic };
}

function readParameters(source: FieldSource): ReadonlyMap<string, FieldType> {
  const parameters = new Map<string, FieldType>();
  for (const [type, names] of Object.entries(source.parameters)) {
    for (const name of names.split(' ')) parameters.set(name, type as FieldType);
  }
  return parameters;
}

function pluginFields(plugin: string, source: FieldSource): FieldNames {
  if (plugin === 'container') return source.container;
  if (plugin === 'k8smeta') return K8SMETA_FIELDS;
  throw new UnknownFieldPluginError(plugin);
}

function* readNames(names: FieldNames, plugin: string | undefined): Generator<[string, Field]> {
  for (const [type, tokens] of Object.entries(names)) {
    for (const token of tokens.split(' ')) {
      const field = readField(token, type as FieldType, plugin);
      yield [field.name, field];
    }
  }
}

function readField(token: string, type: FieldType, plugin: string | undefined): Field {
  const bracket = token.indexOf('[');
  const deprecated = token.endsWith('!');
  const rest = deprecated ? token.slice(0, -1) : token;
  const isList = rest.endsWith('*');
  const bare = isList ? rest.slice(0, -1) : rest;
  const name = bracket < 0 ? bare : bare.slice(0, bracket);
  return {
    name,
    type,
    isList,
    argument: bracket < 0 ? undefined : readArgument(bare.slice(bracket)),
    about: aboutField(name),
    deprecated: deprecated ? whyDeprecated(name) : undefined,
    plugin,
  };
}

function readArgument(form: string): FieldArgument {
  return { required: !form.includes('?'), index: form.includes('n'), key: form.includes('k') };
}
