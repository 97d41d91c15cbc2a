import { Installation } from '../../lib/constructs/installation';
import { SETTINGS_DIGEST_ANNOTATION } from '../../lib/names';
import type { FalcoEgressProps } from '../../lib/settings/settings';
import { synthesize } from '../constructs';

const installation = (props: Partial<FalcoEgressProps> = {}) =>
  synthesize((scope) => {
    new Installation(scope, 'installation', { cluster: 'test', ...props });
  })[0];

const digest = (props: Partial<FalcoEgressProps> = {}) =>
  installation(props)?.metadata.annotations?.[SETTINGS_DIGEST_ANNOTATION];

test('the object', () => {
  const { metadata, ...rest } = installation() ?? { metadata: { name: '' } };
  expect({ name: metadata.name, ...rest }).toMatchSnapshot();
});

test('its digest changes with any other setting, and not with what only says a default again', () => {
  expect(digest()).toMatch(/^[0-9a-f]{64}$/);
  expect(digest({ sidekick: { replicas: 3 } })).not.toBe(digest());
  expect(digest({ sidekick: { replicas: 2 } })).toBe(digest());
});

test('a changed rule changes nothing here: its ConfigMap has a digest of its own', () => {
  expect(digest({ rules: [{ list: 'a', items: ['b'] }] })).toBe(digest());
  expect(digest({ rulesPackages: { shop: { 'a.yaml': '- list: a\n  items: [b]\n' } } })).toBe(digest());
});
