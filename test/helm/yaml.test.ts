import { metadata } from '../../lib/constructs/metadata';
import { Defines } from '../../lib/helm/defines';
import type { Print } from '../../lib/helm/expression';
import { Generation } from '../../lib/helm/generation';
import { finished, TOP } from '../../lib/helm/page';
import { templateText } from '../../lib/helm/text';
import { yamlText } from '../../lib/helm/yaml';
import { valueTokens } from '../../lib/helm/values';
import { selectorLabels } from '../../lib/names';
import { each, eachEntry, given, joined, named, not, when } from '../../lib/settings/decide';
import { environmentSchema } from '../../lib/settings/generated/schema';
import { settingsDefaults, type Settings } from '../../lib/settings/settings';
import { whileUndecided } from '../../lib/settings/token';

/** A value made of settings, as a template. */
function printed(make: (settings: Settings) => object): string {
  const generation = new Generation();
  const settings = valueTokens(environmentSchema, generation.tokens, generation.marks) as Settings;
  const print: Print = {
    generation,
    defines: new Defines(),
    file: 'test',
    bodies: { text: templateText, yaml: yamlText },
  };
  return whileUndecided(generation, () => finished(yamlText(make(settings), print, TOP)));
}

test('scalars', () => {
  expect(
    printed(({ name, cluster, sidekick, demo }) => ({
      name: `${name}-x`,
      cluster,
      mixed: `100% ${cluster}`,
      replicas: sidekick.replicas,
      demo: demo.enabled,
      not: not(demo.enabled),
      braces: '{{ x }}',
      yes: 'yes',
    })),
  ).toBe(`name: {{ .Values.name }}-x
cluster: {{ .Values.cluster | quote }}
mixed: {{ printf "100%% %s" .Values.cluster | quote }}
replicas: {{ .Values.sidekick.replicas | toJson }}
demo: {{ .Values.demo.enabled }}
not: {{ not .Values.demo.enabled }}
braces: "{{ "{{" }} x {{ "}}" }}"
"yes": "yes"
`);
});

test('maps and lists of the user', () => {
  expect(
    printed(({ labels, responder, images }) => ({
      all: { ...labels },
      over: { own: 'a', ...labels, last: 'b' },
      list: [...responder.tolerations],
      more: ['one', ...responder.protected.namespaces],
      each: each(images.pullSecrets, (secret) => ({ name: secret })),
      entries: eachEntry(responder.env, (key, value) => ({ name: key, value })),
    })),
  ).toMatchInlineSnapshot(`
   "all:
     {{- toYaml .Values.labels | nindent 2 }}
   over:
     {{- include "falco-egress.merged" (list
       (dict
         "own" "a"
       )
       .Values.labels
       (dict
         "last" "b"
       )
     ) | nindent 2 }}
   list:
     {{- include "falco-egress.yaml" .Values.responder.tolerations | nindent 2 }}
   more:
     - one
     {{- with .Values.responder.protected.namespaces }}
     {{- toYaml . | nindent 2 }}
     {{- end }}
   {{- if .Values.images.pullSecrets }}
   each:
     {{- range .Values.images.pullSecrets }}
     - name: {{ . | quote }}
     {{- end }}
   {{- else }}
   each: []
   {{- end }}
   {{- if .Values.responder.env }}
   entries:
     {{- range $key, $value := .Values.responder.env }}
     - name: {{ $key | quote }}
       value: {{ $value | quote }}
     {{- end }}
   {{- else }}
   entries: []
   {{- end }}
   "
  `);
});

describe('labels and annotations that stand everywhere come from a template of the chart', () => {
  const settings = (all: Settings) => ({ ...settingsDefaults, ...all }) as Settings;

  test('metadata of an object', () => {
    const text = printed((all) => metadata(settings(all), 'sidekick', { namespace: 'a', wave: 'workloads' }));
    expect(text).toContain('  {{- include "falco-egress.labels" (dict "component" "sidekick" "context" .) |');
    expect(text).toContain('  {{- include "falco-egress.annotations" (dict "wave" "0" "context" .) |');
  });

  test('more labels and annotations are put over them', () => {
    const text = printed((all) =>
      metadata(settings(all), 'rules', {
        namespace: 'a',
        labels: { more: 'x' },
        annotations: { other: 'y' },
      }),
    );
    expect(text).toMatch(
      /merged" \(list\n\s+\(include "falco-egress.labels" \(dict .* \| fromYaml\)\n\s+\(dict\n\s+"more" "x"/,
    );
    expect(text).toMatch(/\(include "falco-egress.annotations" .* \| fromYaml\)\n\s+\(dict\n\s+"other" "y"/);
  });

  test('a selector, with more in it or without', () => {
    const include = '{{- include "falco-egress.selectorLabels" (dict "component" "falco" "context" .)';
    const selector = (name: string) => selectorLabels(name, 'falco');
    expect(printed(({ name }) => ({ a: selector(name) }))).toBe(`a:\n  ${include} | nindent 2 }}\n`);
    expect(printed(({ name }) => ({ a: { ...selector(name), b: 'c' } }))).toBe(
      `a:\n  ${include} | nindent 2 }}\n  b: c\n`,
    );
  });

  test('what only looks like them is printed as it is', () => {
    expect(printed(() => ({ a: selectorLabels('other', 'falco') }))).not.toContain('include');
    expect(printed(({ cluster }) => ({ a: selectorLabels(cluster, 'falco') }))).not.toContain('include');
  });
});

describe('a range', () => {
  test('names the index only where it is used', () => {
    expect(
      printed(({ exempt }) => ({ a: each(exempt.values, (value, index) => `${value}-${index}`) })),
    ).toContain('range $index, $item := .Values.exempt.values');
  });

  test('names the item where something in it moves the dot, or holds a dollar', () => {
    const inner = printed(({ exempt, labels }) => ({
      a: each(exempt.values, (value) => ({ value, b: when(given(labels), () => labels) })),
    }));
    expect(inner).toContain('range $item := .Values.exempt.values');
    expect(printed(({ exempt }) => ({ a: each(exempt.values, (value) => `$item ${value}`) }))).toContain(
      'printf "$item %s" $item',
    );
  });
});

test('conditions', () => {
  expect(
    printed(({ demo, egress, labels, falco }) => ({
      a: when(demo.enabled, () => 1),
      b: when(demo.enabled, () => ({ c: when(demo.enabled, () => 2) })),
      labels: when(given(labels), () => labels),
      list: ['x', when(egress.enabled, () => 'y')],
      empty: [when(falco.install, () => 'z')],
    })),
  ).toMatchInlineSnapshot(`
   "{{- if .Values.demo.enabled }}
   a: 1
   b:
     c: 2
   {{- end }}
   {{- with .Values.labels }}
   labels:
     {{- toYaml . | nindent 2 }}
   {{- end }}
   list:
     - x
     {{- if .Values.egress.enabled }}
     - "y"
     {{- end }}
   {{- if .Values.falco.install }}
   empty:
     - z
   {{- else }}
   empty: []
   {{- end }}
   "
  `);
});

test('texts of several lines', () => {
  expect(
    printed(({ demo, exempt }) => ({
      script: joined(['first', when(demo.enabled, () => 'second') as string, 'last'], '\n'),
      items: named(
        'items',
        `a\n[${joined(
          each(exempt.values, (value) => value),
          ', ',
        )}]\n`,
      ),
    })),
  ).toMatchInlineSnapshot(`
   "script: |-
     first
     {{- if .Values.demo.enabled }}
     second
     {{- end }}
     last
   items: |
     {{- include "falco-egress.items" . | nindent 2 }}
   "
  `);
});

test('a value that could break a text of several lines needs a name', () => {
  expect(() => printed(({ cluster }) => ({ script: `one\n${cluster}` }))).toThrow('named()');
});
