import { either, given } from '../settings/decide';
import type { Settings } from '../settings/settings';

/** Ends a line, for the template: as a text of one line it stands in a configuration of any form. */
const NEWLINE = '{{ "\\n" }}';

/** A field of the alert, shown as text: Slack would read `<!channel>` in the name of a process as a call to everybody. */
const shown = (field: string): string => `{{ html (index $f "${field}") }}`;

/** A part that is there only where the alert has the field. */
const where = (field: string, text: string): string => `{{ if index $f "${field}" }}${text}{{ end }}`;

/** As in `lib/history/destination.ts`: of a connect that failed, what was asked for counts. */
const ASKED =
  'and (index $f "evt.arg.addr") (or (not (index $f "fd.sip")) (not (or (not $result) (eq $result "SUCCESS" "EINPROGRESS"))))';

const CONNECTION = [
  [
    'Where: ',
    where('cluster', `${shown('cluster')} / `),
    `{{ if $pod }}{{ html $namespace }}/{{ html $pod }}{{ else }}no Pod is known{{ end }}`,
    where('k8smeta.deployment.name', ` (Deployment ${shown('k8smeta.deployment.name')})`),
    '{{ with .Hostname }}, node {{ html . }}{{ end }}',
  ],
  [
    'Process: ',
    `{{ if index $f "proc.name" }}${shown('proc.name')}{{ else }}not known{{ end }}`,
    where('proc.exepath', ` (${shown('proc.exepath')})`),
    where('proc.pname', `, started by ${shown('proc.pname')}`),
    where('user.name', `, as ${shown('user.name')}`),
  ],
  [
    `To: {{ if ${ASKED} }}${shown('evt.arg.addr')}{{ else }}${shown('fd.sip')}:${shown('fd.sport')}{{ end }}`,
    where('fd.l4proto', `/${shown('fd.l4proto')}`),
    '{{ with $result }}, {{ html . }}{{ end }}',
  ],
].map((parts) => parts.join(''));

/** What the responder says of what it did, and of the rule and response by which it did so. */
const RESPONSE = [
  ['Where: ', where('cluster', `${shown('cluster')} / `), '{{ html $namespace }}/{{ html $pod }}'].join(''),
  'Did: {{ html .Output }}',
  [
    where('falco_egress.rule', `Because of: ${shown('falco_egress.rule')}`),
    where('falco_egress.response', ` (response ${shown('falco_egress.response')})`),
  ].join(''),
];

const MESSAGE = [
  '{{ $f := .OutputFields }}{{ $result := index $f "evt.res" }}',
  '{{ $pod := or (index $f "k8s.pod.name") (index $f "k8smeta.pod.name") }}',
  '{{ $namespace := or (index $f "k8s.ns.name") (index $f "k8smeta.ns.name") }}',
  '*{{ .Priority }}: {{ html .Rule }}*',
  `{{ if eq .Source "falco-egress" }}${NEWLINE}${RESPONSE.join(NEWLINE)}`,
  `{{ else if or (index $f "fd.sip") (index $f "evt.arg.addr") }}${NEWLINE}${CONNECTION.join(NEWLINE)}`,
  `{{ else }}${NEWLINE}{{ html .Output }}{{ end }}`,
].join('');

/** From an hour before the alert until now. */
const SEARCH = [
  'var-namespace={{ urlquery $namespace }}&var-contains={{ urlquery $pod }}',
  'from={{ (.Time.Add -3600000000000).UnixMilli }}&to=now',
].join('&');

/**
 * What a person reads in Slack about an alert, as a template of Go's over falcosidekick's own object: what, where, which
 * process, where to, or what the responder did; and where the dashboards are known, a link to what that Pod connected to.
 *
 * Facts: falcosidekick 2.34.1, outputs/slack.go; text/template has no other functions there than its own.
 */
export function slackMessage(settings: Settings): string {
  const { url } = settings.monitoring.dashboards;
  return either(
    given(url),
    () =>
      `${MESSAGE}{{ if $pod }}${NEWLINE}<${url}/d/falco-egress-connections?${SEARCH}|What it connected to>{{ end }}`,
    () => MESSAGE,
  );
}
