import { CANARY_RULE } from '../names';

/** Which alerts are looked at; values are expressions of RE2, or variables of a dashboard. All of them where absent. */
export interface StreamSelection {
  readonly cluster?: string;
  readonly namespace?: string;
  readonly rule?: string;
  /** What an alert tells of: `syscalls?` are Falco's, `falco-egress` the responder's. */
  readonly source?: string;
}

/**
 * Streams of alerts in LogQL, in either of the two shapes in which there are alerts in Loki: the collector's, its fields
 * beside the line and the namespace in the label `namespace`; and falcosidekick's, the whole alert as the line, the namespace in
 * `k8s_ns_name`. Both label them by the rule. Whatever asks Loki begins with this.
 */
export function alertStreams({ cluster, namespace, rule = '.+', source }: StreamSelection = {}): string {
  // A stream has one of the two labels: each may be absent, and `CONNECTION_LABELS` and a filter tell what has neither.
  const inNamespace = namespace === undefined ? undefined : `|${namespace}`;
  const matchers = Object.entries({
    ...{ rule, source, cluster },
    ...{ namespace: inNamespace, k8s_ns_name: inNamespace },
  }).flatMap(([label, value]) => (value === undefined ? [] : [`${label}=~"${value}"`]));
  // What tells that a node was watched is no connection of anybody's.
  return `{${[...matchers, `rule!="${CANARY_RULE}"`].join(', ')}}`;
}

/** The name that a field of an alert's output has beside a line of the collector's. */
export function fieldBeside(field: string): string {
  return `${FIELDS_BESIDE}${field.replaceAll(/\W/g, '_')}`;
}

/** What the collector puts before the names of the fields of an alert's output. */
export const FIELDS_BESIDE = 'output_fields_';

/**
 * Labels of the streams in which the collector has Loki keep alerts, each an attribute of the resource. All else stands beside
 * the lines: a label has few values, or Loki drowns in streams.
 */
export const STREAM_LABELS = ['rule', 'source', 'priority', 'namespace', 'cluster'] as const;

/** What the collector adds to a line that stands for several: how many, and when the first and the last came to it. */
export const COUNT = 'log_count';
export const FIRST_OBSERVED = 'first_observed_timestamp';
export const LAST_OBSERVED = 'last_observed_timestamp';

/** What tells lines that stand for several apart: in which minute they were, and what process of the collector counted them. */
export const MINUTE = 'minute';
export const RUN = 'run';

/** The fields of an alert that queries group by, by the name that they get. */
const FIELDS = {
  pod: 'k8s.pod.name',
  deployment: 'k8smeta.deployment.name',
  process: 'proc.name',
  server: 'fd.sip',
  server_port: 'fd.sport',
  asked: 'evt.arg.addr',
  result: 'evt.res',
} as const;

/** Of a connect that failed, the address that was asked for counts, `address:port`: its socket may have none, or an older one. */
const ASKED = 'if and .asked (or (not .server) (not (eq .result "" "SUCCESS" "EINPROGRESS")))';

const DERIVED = {
  namespace: '{{ or .namespace .k8s_ns_name }}',
  workload: '{{ or .deployment .pod }}',
  destination: `{{ ${ASKED} }}{{ regexReplaceAll ":[0-9]+$" .asked "" }}{{ else }}{{ .server }}{{ end }}`,
  port: `{{ ${ASKED} }}{{ regexReplaceAll "^.*:" .asked "" }}{{ else }}{{ .server_port }}{{ end }}`,
  times: `{{ or .${COUNT} "1" }}`,
} as const;

/**
 * Stages of LogQL that give each alert, of either shape, the labels `namespace`, `pod`, `workload`, `process`, `destination`,
 * `port` and `times`: a line of the collector's may stand for several connections.
 */
export const CONNECTION_LABELS = [
  `| json output="output", ${Object.entries(FIELDS)
    .map(([label, field]) => `${label}="output_fields[\\"${field}\\"]"`)
    .join(', ')}`,
  // The collector's line is no JSON.
  '| drop __error__, __error_details__',
  formats(
    Object.fromEntries(
      Object.entries(FIELDS).map(([label, field]) => [label, `{{ or .${label} .${fieldBeside(field)} }}`]),
    ),
  ),
  formats(DERIVED),
].join(' ');

/** What a line of the collector's that stands for several tells, in words; its own has no room for them. */
const SEVERAL =
  '{{ .rule }}: {{ .process }} in {{ .namespace }}/{{ .pod }} to {{ .destination }}:{{ .port }}, {{ .times }} times';

/**
 * A stage of LogQL, after these, that makes of each line a text for people, by which it can also be looked for: what Falco
 * said, where that is kept.
 */
export const CONNECTION_TEXT = `| line_format \`{{ if .output }}{{ .output }}{{ else if .${COUNT} }}${SEVERAL}{{ else }}{{ __line__ }}{{ end }}\` | drop output`;

function formats(templates: Readonly<Record<string, string>>): string {
  const all = Object.entries(templates).map(([label, template]) => `${label}=\`${template}\``);
  return `| label_format ${all.join(', ')}`;
}
