import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { NAME_LENGTH } from '../lib/settings/checks/names';
import { FalcoEgress } from '../lib/stack';
import type { KubeObject } from './constructs';
import { CONTEXTS } from './helm/contexts';
import { together } from './helm/leaves';

/*
 * The prefix of all names is so long at most that every name fits. Kubernetes gives less to some names than to others: to a
 * Service 63, to a StatefulSet 63 with the 11 of the revision that its Pods carry as a label, to a Job 63.
 */

const LONGEST = 'a'.repeat(NAME_LENGTH);
const REVISION = '-0123456789'.length;

const LIMITS: Readonly<Record<string, number>> = {
  Service: 63,
  Namespace: 63,
  Job: 63,
  StatefulSet: 63 - REVISION,
  DaemonSet: 63 - REVISION,
  Deployment: 63 - REVISION,
};

test.each(Object.entries(CONTEXTS))('names of the longest prefix fit: %s', (_context, values) => {
  const chart = new Chart(new App(), 'test');
  new FalcoEgress(chart, 'falco-egress', together(values, { name: LONGEST }));
  const objects = chart.node
    .findAll()
    .filter((node) => ApiObject.isApiObject(node))
    .map((object) => object.toJson() as KubeObject);
  expect(objects.some(({ metadata }) => metadata.name.startsWith(LONGEST))).toBe(true);
  for (const { kind, metadata } of objects) {
    expect(metadata.name.length).toBeLessThanOrEqual(LIMITS[kind] ?? 253);
    for (const value of Object.values(metadata.labels ?? {})) expect(value.length).toBeLessThanOrEqual(63);
  }
});

test('no name could be longer: the longest one fills what Kubernetes gives', () => {
  const chart = new Chart(new App(), 'test');
  new FalcoEgress(chart, 'falco-egress', together({ name: LONGEST }));
  const room = chart.node
    .findAll()
    .filter((node) => ApiObject.isApiObject(node))
    .map((object) => object.toJson() as KubeObject)
    .map(({ kind, metadata }) => (LIMITS[kind] ?? 253) - metadata.name.length);
  expect(Math.min(...room)).toBe(0);
});

test('the documentation names the limit', () => {
  const schema = readFileSync(resolve(__dirname, '../environments/settings.schema.json'), 'utf8');
  expect(schema).toContain(`At most ${NAME_LENGTH} letters`);
});

test('a longer prefix is refused', () => {
  const chart = new Chart(new App(), 'test');
  expect(() => new FalcoEgress(chart, 'falco-egress', together({ name: `${LONGEST}a` }))).toThrow(
    `at most ${NAME_LENGTH} fit`,
  );
});
