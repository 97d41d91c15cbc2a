/** Which alerts are looked at; values are expressions of RE2, or variables of a dashboard. */
export interface StreamSelection {
  readonly cluster: string;
  readonly namespace: string;
  readonly rule: string;
}

/**
 * Alerts in Loki as falcosidekick stores them, in LogQL: the labels of its streams, and the line as JSON. Whatever asks Loki
 * begins with this, so that another way of storing them changes this one place.
 */
export function alertStream({ cluster, namespace, rule }: StreamSelection): string {
  return `{source=~"syscalls?",cluster=~"${cluster}",k8s_ns_name=~"${namespace}",rule=~"${rule}"}`;
}

/** The fields of an alert that queries group by, by the name that they get. */
const FIELDS = {
  pod: 'k8s.pod.name',
  deployment: 'k8smeta.deployment.name',
  process: 'proc.name',
  server: 'fd.sip',
  server_port: 'fd.sport',
  asked: 'evt.arg.addr',
} as const;

/** A connect that was refused has no server, only the address that was asked for: `address:port`. */
const DERIVED = {
  workload: '{{ if .deployment }}{{ .deployment }}{{ else }}{{ .pod }}{{ end }}',
  destination: '{{ if .server }}{{ .server }}{{ else }}{{ regexReplaceAll ":[0-9]+$" .asked "" }}{{ end }}',
  port: '{{ if .server_port }}{{ .server_port }}{{ else }}{{ regexReplaceAll "^.*:" .asked "" }}{{ end }}',
} as const;

/** Stages of LogQL that give each alert the labels `pod`, `workload`, `process`, `destination` and `port`. */
export const CONNECTION_LABELS = [
  `| json ${Object.entries(FIELDS)
    .map(([label, field]) => `${label}="output_fields[\\"${field}\\"]"`)
    .join(', ')}`,
  `| label_format ${Object.entries(DERIVED)
    .map(([label, template]) => `${label}=\`${template}\``)
    .join(', ')}`,
].join(' ');
