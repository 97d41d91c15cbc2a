import { load } from 'js-yaml';
import { ExternalFalco } from '../../lib/constructs/external-falco';
import { officialChartValues } from '../../lib/constructs/official-chart-values';
import { loadRules } from '../../lib/rules';
import { resolveSettings, type FalcoEgressProps } from '../../lib/settings/settings';
import { synthesize, type KubeObject } from '../constructs';
import { kinds } from './find';

type Form = 'configMap' | 'helmValues' | 'rulesfile';

function props(form: Form, more: Partial<FalcoEgressProps> = {}): FalcoEgressProps {
  return {
    cluster: 'test',
    falco: { install: false, external: { form, namespace: 'security' } },
    rulesPackages: {
      shop: { 'a.yaml': '  - list: a\n    items: []\n', 'b.yaml': '- list: b\n  items: [a]\n' },
    },
    ...more,
  };
}

function external(form: Form, more: Partial<FalcoEgressProps> = {}): KubeObject[] {
  return synthesize((scope) => {
    new ExternalFalco(scope, 'external', props(form, more));
  });
}

test('configMap: our rules beside that Falco', () => {
  const objects = external('configMap');
  expect(objects).toMatchSnapshot();
  expect(kinds(objects)).toEqual(['ConfigMap', 'ConfigMap']);
  for (const { metadata } of objects) expect(metadata.namespace).toBe('security');
});

describe('rulesfile', () => {
  const objects = external('rulesfile');

  it('is what the official operator takes', () => {
    expect(objects).toMatchSnapshot();
  });

  it('refers to a ConfigMap with the one key that the operator reads', () => {
    for (const { spec } of objects.filter(({ kind }) => kind === 'Rulesfile') as unknown as {
      spec: { configMapRef: { name: string }; priority: number };
    }[]) {
      const map = objects.find(
        ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === spec.configMapRef.name,
      );
      expect(Object.keys(map?.['data'] as object)).toEqual(['rules.yaml']);
      expect(spec.priority).toBeGreaterThan(50);
    }
  });

  it('joins the files of a package, however they are indented', () => {
    const shop = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.endsWith('shop'));
    const text = (shop?.['data'] as Record<string, string>)['rules.yaml'] ?? '';
    const { objects: read, findings } = loadRules([{ name: 'rules.yaml', text }]);
    expect(findings.map(({ code }) => code)).toEqual(['LOAD_UNUSED_LIST']);
    expect(read.map(({ object }) => 'name' in object && object.name)).toEqual(['a', 'b']);
  });
});

describe('helmValues', () => {
  const values = (more: Partial<FalcoEgressProps> = {}): unknown =>
    load(officialChartValues(resolveSettings(props('helmValues', more))));

  it('is a file and no object', () => {
    expect(external('helmValues')).toEqual([]);
    expect(officialChartValues(resolveSettings(props('helmValues')))).toMatchSnapshot();
  });

  it('holds the rules by file, and where alerts go', () => {
    expect(values()).toMatchObject({
      customRules: {
        '10-egress.yaml': expect.stringContaining('outbound_corp') as string,
        '60-shop.a.yaml': '  - list: a\n    items: []\n',
      },
      falco: {
        json_output: true,
        rule_matching: 'all',
        http_output: {
          enabled: true,
          url: 'http://falco-egress-sidekick.falco-egress.svc:2801/',
          mtls: false,
        },
      },
      collectors: {
        kubernetes: { enabled: true, collectorHostname: 'falco-egress-metacollector.falco-egress.svc' },
      },
      falcosidekick: { enabled: false },
    });
  });

  it('needs no collector where the exempt namespaces are a list', () => {
    expect(values({ plugins: { k8smeta: { source: 'none' } } })).toMatchObject({
      collectors: { kubernetes: { enabled: false } },
    });
  });
});

test('nothing where the stack installs Falco', () => {
  expect(external('configMap', { falco: { install: true } })).toEqual([]);
});
