/** NOTES.txt: what to do next, for these values. */
export const NOTES = `{{ .Chart.Name }} {{ .Chart.Version }} watches every outbound connection of cluster {{ .Values.cluster | quote }}.

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

Look at the alerts:
  kubectl -n {{ .Values.namespaces.services }} port-forward service/{{ .Values.name }}-sidekick-ui 2802
  kubectl -n {{ .Values.namespaces.services }} get secret {{ .Values.secrets.sidekickUi.name }} -o jsonpath='{.data.user}' | base64 -d
{{- end }}

{{- if .Values.namespaces.create }}

The namespaces {{ .Values.namespaces.node }} and {{ .Values.namespaces.services }} outlive this release, with Secrets and stored alerts.
{{- end }}

Namespaces with the label {{ .Values.exempt.label }} in ({{ join ", " .Values.exempt.values }}) are not watched.
{{- if eq .Values.secrets.source "existing" }}

Secrets are expected to be there: see docs/secrets.md.
{{- end }}
{{- if .Values.responses }}

Responses:
{{- range .Values.responses }}
  {{ .action }} ({{ .mode | default "observe" }}) where {{ .match }}
{{- end }}
{{- end }}

Whether the services answer{{ if .Values.falco.install }}, and Falco takes the rules{{ end }}:
  helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }}
{{- if and .Values.falco.install (or .Values.rules .Values.rulesPackages) }}

Rules of your own are not checked by Helm. Whether Falco has loaded them:
  kubectl -n {{ .Values.namespaces.node }} get pods -l app.kubernetes.io/component=falco
A Pod whose rules are refused is not ready, and its container rules-watch says why.
{{- end }}
`;
