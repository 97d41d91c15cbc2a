import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { falcoFields, UnknownFieldPluginError } from '../../../lib/rules/fields/catalogue';
import type { Field } from '../../../lib/rules/fields/field';
import { RECORDINGS } from './recorded';

describe('the catalogue of fields', () => {
  test('tells names, types and arguments', () => {
    const catalogue = falcoFields('0.44.1');
    const field = (name: string): Field | undefined => catalogue.field(name);
    expect(field('fd.sip')).toMatchObject({ type: 'IPADDR', isList: false, about: 'server address' });
    expect(field('proc.aname')?.argument).toEqual({ required: false, index: true, key: false });
    expect(field('k8smeta.ns.label')).toMatchObject({
      argument: { required: true, index: false, key: true },
      plugin: 'k8smeta',
      isList: false,
    });
    expect(field('k8smeta.svc.name')).toMatchObject({ isList: true, argument: undefined });
    expect(field('container.mount')?.argument).toEqual({ required: true, index: true, key: true });
    expect(field('k8s.ns.label')?.deprecated).toContain('k8smeta.ns.label[…]');
    expect(field('constructor')).toBeUndefined();
  });

  test('holds the plugins that are asked for', () => {
    const names = (plugins?: readonly string[]): readonly string[] => falcoFields('0.44.1', plugins).names;
    expect(names([])).not.toContain('container.id');
    expect(names(['container'])).toContain('container.id');
    expect(names(['container'])).not.toContain('k8smeta.ns.name');
    expect(names()).toEqual(expect.arrayContaining(['container.id', 'k8smeta.ns.name']));
    expect(() => names(['json'])).toThrow(UnknownFieldPluginError);
  });

  test('knows events and their parameters', () => {
    const { eventTypes, eventParameters } = falcoFields('0.44.1');
    expect(eventTypes.has('connect')).toBe(true);
    expect(eventTypes.has('acct')).toBe(true);
    expect(eventParameters.get('addr')).toBeDefined();
    expect(eventParameters.get('name')).toBe('CHARBUF');
  });

  (RECORDINGS === undefined ? test.skip : test)('holds all that Falco lists, with Falco’s types', () => {
    for (const [file, plugins] of [
      ['fields.json', ['container']],
      ['fields-without-container-plugin.json', []],
    ] as const) {
      const catalogue = falcoFields('0.44.1', plugins);
      const { fieldclasses } = JSON.parse(readFileSync(resolve(RECORDINGS ?? '', file), 'utf8')) as {
        fieldclasses: {
          fields: { name: string; type: string; is_list: boolean; argument: { required: boolean } | null }[];
        }[];
      };
      const listed = fieldclasses.flatMap(({ fields }) => fields);
      expect(catalogue.names).toEqual(expect.arrayContaining(listed.map(({ name }) => name)));
      for (const { name, type, is_list } of listed) {
        const field = catalogue.field(name);
        expect({ name, type: field?.type, is_list: field?.isList }).toEqual({
          name,
          type,
          is_list,
        });
      }
    }
  });
});
