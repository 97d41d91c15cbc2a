/**
 * What `lib/settings/checks` refuses and a schema cannot tell, as far as it would leave a cluster worse than before: the
 * condition, and the message.
 */
const CHECKS: readonly (readonly [condition: string, message: string])[] = [
  [
    'eq .Values.namespaces.node .Values.namespaces.services',
    'namespaces.services: is the privileged namespace too; give everything that need not touch the node one of its own',
  ],
  [
    'and .Values.responses (not .Values.responder.enabled)',
    'responses: the responder is switched off, so no response can run; set responder.enabled to true, or remove the responses',
  ],
  [
    'and .Values.responses (not .Values.sidekick.enabled) (not .Values.collector.enabled)',
    'responses: no alert reaches the responder; switch on collector.enabled or sidekick.enabled',
  ],
  [
    'and (include "falco-egress.acts" .) (eq .Values.tls.issuer "none")',
    'responses: with tls.issuer none anybody in the cluster could post an alert to a response that acts; set tls.issuer to certManager or existingSecrets, or mode to observe',
  ],
];

/** A template that prints nothing, and fails where values contradict each other. */
export const CHECKS_TEMPLATE = `{{- /* Whether a response changes anything in the cluster. */}}
{{- define "falco-egress.acts" -}}
{{- range .Values.responses }}
{{- if and (ne .action "notify") (has (.mode | default "observe") (list "approve" "enforce")) }}yes{{ end }}
{{- end }}
{{- end }}

${CHECKS.map(([condition, message]) => `{{- if ${condition} }}\n{{- fail ${JSON.stringify(message)} }}\n{{- end }}\n`).join('')}`;
