import { asBeforeCut } from '../../../lib/responder/respond/as-before-cut';

const decided = {
  metadata: { name: 'nginx', uid: 'a', labels: { app: 'nginx' }, annotations: { 'falco-egress.io/x': '1' } },
};
const whole = {
  kind: 'Pod',
  metadata: {
    ...{ name: 'nginx', uid: 'a', labels: { 'falco-egress.io/quarantine': 'true' } },
    annotations: { team: 'web', 'falco-egress.io/record': '{}' },
  },
  spec: { nodeName: 'n' },
};

test('a Pod that is cut off already is kept as it was before', () => {
  expect(asBeforeCut(whole, decided)).toEqual({
    kind: 'Pod',
    metadata: {
      ...{ name: 'nginx', uid: 'a', labels: { app: 'nginx' } },
      annotations: { team: 'web', 'falco-egress.io/x': '1' },
    },
    spec: { nodeName: 'n' },
  });
});

test.each<[string, object]>([
  ['another Pod of its name', { ...whole, metadata: { ...whole.metadata, uid: 'b' } }],
  ['no object', {}],
])('%s is not kept', (_, other) => {
  expect(asBeforeCut(other, decided)).toBeUndefined();
});
