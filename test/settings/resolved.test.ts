import { merge } from '../../lib/settings/resolved';
import { resolveSettings } from '../../lib/settings/settings';

test('maps are merged, lists and scalars replaced, and neither input changes', () => {
  const base = { a: { b: 1, list: [1, 2] }, keep: true };
  expect(merge(base, { a: { list: [3], c: 2 } })).toEqual({ a: { b: 1, list: [3], c: 2 }, keep: true });
  expect(base).toEqual({ a: { b: 1, list: [1, 2] }, keep: true });
});

test('undefined says nothing', () => {
  expect(merge({ a: 1 }, { a: undefined })).toEqual({ a: 1 });
});

test('settings are filled with defaults, and not twice', () => {
  const settings = resolveSettings({ cluster: 'c', sidekick: { replicas: 5 } });
  expect(settings.sidekick.replicas).toBe(5);
  expect(settings.sidekick.enabled).toBe(true);
  expect(resolveSettings(settings)).toBe(settings);
});
