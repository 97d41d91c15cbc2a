import { FALCO_VERSIONS } from '../../falco/versions';
import { falcoFields } from '../fields/catalogue';
import type { Field, FieldCatalogue } from '../fields/field';

/** Fields that an alert has beside those of its output: what it says of its rule, its whole text, and the node's name. */
const NAMES = ['rule', 'priority', 'tags', 'source', 'output', 'hostname'];

const OWN: ReadonlyMap<string, Field> = new Map(
  NAMES.map((name) => [
    name,
    {
      ...{ name, type: 'CHARBUF', isList: name === 'tags' },
      ...{ about: undefined, argument: undefined, deprecated: undefined, plugin: undefined },
    },
  ]),
);

/** Whether a field is one of the alert itself, which every alert has. */
export function isAlertField(name: string): boolean {
  return OWN.has(name);
}

let made: FieldCatalogue | undefined;

/** What may be asked of an alert: the fields of Falco and its plugins, and those of the alert itself. */
export function alertFields(): FieldCatalogue {
  if (made !== undefined) return made;
  const falco = falcoFields(FALCO_VERSIONS.at(-1) ?? '');
  made = {
    field: (name) => OWN.get(name) ?? falco.field(name),
    names: [...OWN.keys(), ...falco.names],
    eventTypes: falco.eventTypes,
    eventParameters: falco.eventParameters,
  };
  return made;
}
