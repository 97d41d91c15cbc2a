/** NOTES.txt: what to do next, for these values. */
export const NOTES = `{{ .Chart.Name }} {{ .Chart.Version }} {{ ternary "watches every outbound connection of cluster" "is installed for cluster" .Values.falco.install }} {{ .Values.cluster | quote }}.

{{- if .Values.falco.install }}

Wait until Falco watches every node:
  kubectl -n {{ .Values.namespaces.node }} rollout status daemonset/{{ .Values.name }}-falco
{{- else if eq .Values.falco.external.form "helmValues" }}

Falco is not installed, and no rules are: values for the official chart are a file that only
\`falco-egress synth\` writes. Set falco.external.form to configMap or rulesfile to get them from here.
{{- else }}

Falco is not installed; the rules for yours are in namespace {{ .Values.falco.external.namespace }}.
{{- end }}
{{- if and .Values.sidekick.enabled .Values.sidekickUi.enabled }}

Look at the alerts, at http://localhost:2802, with the login and the password that the Secret holds:
  kubectl -n {{ .Values.namespaces.services }} port-forward service/{{ .Values.name }}-sidekick-ui 2802
  kubectl -n {{ .Values.namespaces.services }} get secret {{ .Values.secrets.sidekickUi.name }} -o jsonpath='{.data.user}' | base64 -d
{{- else if .Values.falco.install }}

Look at the alerts:
  kubectl -n {{ .Values.namespaces.node }} logs daemonset/{{ .Values.name }}-falco -c falco
{{- end }}

{{- if .Values.grafana.enabled }}

Look at the dashboards, at http://localhost:3000, as admin with the password that the Secret holds:
  kubectl -n {{ .Values.namespaces.services }} port-forward service/{{ .Values.name }}-grafana 3000
  kubectl -n {{ .Values.namespaces.services }} get secret {{ .Values.secrets.grafana.name }} -o jsonpath='{.data.password}' | base64 -d
{{- end }}

{{- if .Values.namespaces.create }}

The namespaces {{ .Values.namespaces.node }} and {{ .Values.namespaces.services }} outlive this release, with Secrets and stored alerts.
{{- else }}

The namespaces {{ .Values.namespaces.node }} (privileged) and {{ .Values.namespaces.services }} must be there.
{{- end }}

{{- if eq .Values.plugins.k8smeta.source "none" }}

Namespaces that namespaceLabels gives {{ .Values.exempt.label }}={{ join " or " .Values.exempt.values }} are not watched, nor are those of the stack.
{{- else }}

Namespaces with the label {{ .Values.exempt.label }} in ({{ join ", " .Values.exempt.values }}) are not watched. To exempt one:
  kubectl label namespace NAME {{ .Values.exempt.label }}={{ first .Values.exempt.values }}
{{- end }}

{{- $secrets := list }}
{{- if eq .Values.secrets.source "existing" }}
{{- if .Values.responder.enabled }}
{{- $secrets = append $secrets (printf "%s (token)" .Values.secrets.responderToken.name) }}
{{- end }}
{{- if and .Values.sidekick.enabled .Values.sidekickUi.enabled }}
{{- $secrets = append $secrets (printf "%s (user)" .Values.secrets.sidekickUi.name) }}
{{- $secrets = append $secrets (printf "%s (password)" .Values.secrets.sidekickUiStore.name) }}
{{- end }}
{{- if .Values.grafana.enabled }}
{{- $secrets = append $secrets (printf "%s (password)" .Values.secrets.grafana.name) }}
{{- end }}
{{- end }}
{{- if .Values.sidekick.enabled }}
{{- with .Values.sidekick.loki.credentials.secret }}
{{- $secrets = append $secrets . }}
{{- end }}
{{- with .Values.sidekick.slack.webhookUrl.secret }}
{{- $secrets = append $secrets . }}
{{- end }}
{{- range $variable, $reference := .Values.sidekick.secretEnv }}
{{- $secrets = append $secrets (printf "%s (%s)" $reference.secret $reference.key) }}
{{- end }}
{{- end }}
{{- if .Values.collector.enabled }}
{{- with .Values.collector.loki.credentials.secret }}
{{- $secrets = append $secrets (printf "%s (in %s)" . $.Values.namespaces.node) }}
{{- end }}
{{- end }}
{{- if .Values.grafana.enabled }}
{{- with .Values.grafana.lokiCredentials.secret }}
{{- $secrets = append $secrets . }}
{{- end }}
{{- with .Values.grafana.prometheusCredentials.secret }}
{{- $secrets = append $secrets . }}
{{- end }}
{{- end }}
{{- with $secrets }}

Secrets that must be there in {{ $.Values.namespaces.services }}; docs/secrets.md and docs/sidekick.md say what they hold:
{{- range . | uniq }}
  {{ . }}
{{- end }}
{{- end }}
{{- if .Values.responses }}

Responses:
{{- range .Values.responses }}
  {{ .action }} ({{ .mode | default "observe" }}) where {{ .match }}
{{- end }}
Helm reads none of these conditions. The responder does not start with one that it can't read; that the rules they name are
loaded only \`falco-egress synth\` checks.
What they hold, and who may release it: docs/responder.md. To stop them all:
  kubectl label namespace {{ .Values.namespaces.services }} falco-egress.io/pause-responses=true
{{- if .Values.responder.enabled }}
helm uninstall {{ ternary "releases what they hold first" "tells first which Pods stay cut off" (eq .Values.responder.uninstall "release") }}: docs/quarantine.md.
{{- end }}
{{- end }}

Whether the services answer{{ if .Values.falco.install }}, and Falco takes the rules{{ end }}:
  helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }}
{{- if and .Values.falco.install (or .Values.rules .Values.rulesPackages) }}

Helm does not check rules. \`falco-egress synth\` does, from the same values as an environment file, and so does
\`helm test\`, above. Whether Falco has loaded yours:
  kubectl -n {{ .Values.namespaces.node }} get pods -l app.kubernetes.io/component=falco
A Pod whose rules are refused is not ready, and its container rules-watch says why.
{{- end }}
`;
