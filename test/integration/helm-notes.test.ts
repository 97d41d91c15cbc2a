import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Values } from '../helm/leaves';
import { CHART, HELMS, helmPrograms, helmTemplate } from './helm';

/*
 * What NOTES.txt says. `helm template` does not print it, so a copy of the chart prints it as an object.
 */

let programs: ReadonlyMap<string, string>;
let chart: string;

beforeAll(async () => {
  programs = await helmPrograms();
  chart = mkdtempSync(join(tmpdir(), 'falco-egress-'));
  cpSync(CHART, chart, { recursive: true });
  writeFileSync(
    join(chart, 'templates/printed.yaml'),
    'kind: Notes\nmetadata: { name: notes }\ntext: {{ include "falco-egress/templates/NOTES.txt" . | toJson }}\n',
  );
}, 1_200_000);

afterAll(() => {
  rmSync(chart, { recursive: true, force: true });
});

/** Values, what the notes then say, and what they don't. */
const SAID: readonly [values: Values, yes: readonly string[], no: readonly string[]][] = [
  [
    {},
    [
      'watches every outbound connection of cluster "',
      'kubectl -n falco rollout status daemonset/falco-egress-falco',
      'port-forward service/falco-egress-sidekick-ui 2802',
      'kubectl label namespace NAME network=',
      'outlive this release',
      'helm test test --namespace',
    ],
    ['Secrets that must be there', 'does not check rules', 'logs daemonset', 'pause-responses'],
  ],
  [
    {
      name: 'fe',
      namespaces: { create: false, node: 'one', services: 'two' },
      sidekickUi: { enabled: false },
    },
    ['namespaces one (privileged) and two must be there', 'kubectl -n one logs daemonset/fe-falco -c falco'],
    ['port-forward', 'outlive'],
  ],
  [
    {
      secrets: { source: 'existing', sidekickUi: { name: 'login' } },
      sidekick: {
        loki: { url: 'http://loki', credentials: { secret: 'cloud' } },
        secretEnv: { A: { secret: 's', key: 'k' } },
      },
      grafana: {
        enabled: true,
        lokiUrl: 'http://loki',
        lokiCredentials: { secret: 'reads' },
        prometheusCredentials: { secret: 'metrics' },
      },
    },
    [
      'must be there in falco-egress;',
      '\n  login (user)\n',
      '\n  cloud\n',
      '\n  s (k)',
      '\n  reads\n  metrics\n',
    ],
    [],
  ],
  [
    { rules: [{ list: 'a', items: ['b'] }], exempt: { label: 'example.org/net', values: ['on', 'off'] } },
    ['Helm does not check rules', 'falco-egress synth', 'kubectl label namespace NAME example.org/net=on'],
    [],
  ],
  [
    { plugins: { k8smeta: { source: 'none' } } },
    ['namespaceLabels gives network='],
    ['kubectl label namespace'],
  ],
  [
    { falco: { install: false, external: { form: 'configMap', namespace: 'theirs' } } },
    ['the rules for yours are in namespace theirs'],
    ['rollout status', 'Falco takes the rules', 'watches every'],
  ],
  [
    { responses: [{ match: 'rule = "x"', action: 'notify' }] },
    ['notify (observe) where rule = "x"', 'pause-responses=true'],
    [],
  ],
];

describe.each(HELMS)('%s', (helm) => {
  test.each(SAID)('notes for %j', async (values, yes, no) => {
    const objects = await helmTemplate(programs.get(helm) ?? helm, values, ['--no-hooks'], chart);
    const text = String(objects.find(({ kind }) => kind === 'Notes')?.['text']);
    for (const part of yes) expect(text).toContain(part);
    for (const part of no) expect(text).not.toContain(part);
    expect(text).not.toMatch(/\n{3}/);
  });
});
