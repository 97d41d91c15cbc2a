import { diffObjects, renderChanges } from '../../lib/synth/object-diff';

const deployment = (name: string, spec: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'falco-egress' },
  spec,
});

test('nothing differs', () => {
  expect(diffObjects([deployment('a', { replicas: 1 })], [deployment('a', { replicas: 1 })])).toEqual([]);
});

test('objects that come, go and change, field by field', () => {
  const before = [
    deployment('gone', {}),
    deployment('web', {
      replicas: 2,
      paused: true,
      containers: [
        { name: 'a', image: 'a:1' },
        { name: 'b', image: 'b:1' },
      ],
      args: ['x', 'y'],
    }),
  ];
  const after = [
    deployment('new', {}),
    deployment('web', {
      replicas: 3,
      containers: [
        { name: 'b', image: 'b:2' },
        { name: 'a', image: 'a:1' },
      ],
      args: ['x', 'z'],
    }),
  ];
  expect(renderChanges(diffObjects(before, after))).toBe(
    [
      '- Deployment falco-egress/gone',
      '+ Deployment falco-egress/new',
      '~ Deployment falco-egress/web',
      '    spec.replicas: 2 → 3',
      '    spec.paused: true → (nothing)',
      '    spec.containers[b].image: "b:1" → "b:2"',
      '    spec.args[1]: "y" → "z"',
      '',
    ].join('\n'),
  );
});

test('of texts only the lines that differ, and keys with dots in brackets', () => {
  const config = (text: string) => ({ ...deployment('c', {}), data: { 'falco.yaml': text } });
  expect(renderChanges(diffObjects([config('a\nb\nc\n')], [config('a\nB\nc\n')]))).toBe(
    ['~ Deployment falco-egress/c', '    data[falco.yaml]:', '      - b', '      + B', ''].join('\n'),
  );
});
