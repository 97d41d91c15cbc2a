{{- /* Labels by which Pods are selected: "component", and "context", which is the top. */}}
{{- define "falco-egress.selectorLabels" -}}
app.kubernetes.io/name: falco-egress
app.kubernetes.io/instance: {{ .context.Values.name | quote }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- /* Labels of a component's Pods: "labels" of the values, and our own over them. */}}
{{- define "falco-egress.podLabels" -}}
{{- include "falco-egress.merged" (list .labels
  (include "falco-egress.selectorLabels" . | fromYaml)
  (dict "app.kubernetes.io/part-of" "falco-egress")
) }}
{{- end }}

{{- /* Labels of any object: "component", and "context", which is the top. */}}
{{- define "falco-egress.labels" -}}
{{- include "falco-egress.merged" (list .context.Values.labels
  (include "falco-egress.selectorLabels" . | fromYaml)
  (dict "app.kubernetes.io/part-of" "falco-egress" "app.kubernetes.io/version" "0.1.0")
) }}
{{- end }}

{{- /* Annotations of any object: "wave", the step in which Argo CD applies it, and "context", which is the top. */}}
{{- define "falco-egress.annotations" -}}
{{- include "falco-egress.merged" (list .context.Values.annotations
  (dict "argocd.argoproj.io/sync-wave" .wave)
) }}
{{- end }}

{{- /* One map of several; later ones win. */}}
{{- define "falco-egress.merged" -}}
{{- $merged := dict }}
{{- range $map := . }}
{{- range $key, $value := $map }}
{{- $_ := set $merged $key $value }}
{{- end }}
{{- end }}
{{- include "falco-egress.yaml" $merged }}
{{- end }}

{{- /* toYaml, where text may hold what YAML takes for a line break and nindent doesn't. */}}
{{- define "falco-egress.yaml" -}}
{{- $text := toYaml . }}
{{- if regexMatch "[\\x{85}\\x{2028}\\x{2029}]" $text }}
{{- include "falco-egress.configText" . }}
{{- else }}
{{- $text }}
{{- end }}
{{- end }}

{{- /* One map of several, map by map; later ones win. */}}
{{- define "falco-egress.overlaid" -}}
{{- $base := dict }}
{{- range $map := . }}
{{- include "falco-egress.overlay" (dict "base" $base "over" (deepCopy $map)) }}
{{- end }}
{{- toJson $base }}
{{- end }}

{{- /* Writes the map "over" into the map "base". */}}
{{- define "falco-egress.overlay" -}}
{{- range $key, $value := .over }}
{{- $under := get $.base $key }}
{{- if and (kindIs "map" $under) (kindIs "map" $value) }}
{{- include "falco-egress.overlay" (dict "base" $under "over" $value) }}
{{- else }}
{{- $_ := set $.base $key $value }}
{{- end }}
{{- end }}
{{- end }}

{{- /* The text of a configuration file: YAML in blocks, keys sorted, each scalar as JSON. */}}
{{- define "falco-egress.configText" -}}
{{- if . }}
{{- include "falco-egress.configLines" (dict "value" . "indent" "") | trimPrefix "\n" }}
{{- else }}
{{- "{}" }}
{{- end }}
{{- end }}

{{- /* Lines of a map or a list, each after a line break. */}}
{{- define "falco-egress.configLines" -}}
{{- $indent := .indent }}
{{- $deeper := printf "%s  " $indent }}
{{- range $key, $item := .value }}
{{- $block := and $item (or (kindIs "map" $item) (kindIs "slice" $item)) }}
{{- if kindIs "map" $.value }}
{{- $plain := and (regexMatch "^[A-Za-z_][A-Za-z0-9_./-]*$" $key) (not (regexMatch "^(?i)(y|yes|n|no|on|off|true|false|null)$" $key)) }}
{{ $indent }}{{ if $plain }}{{ $key }}{{ else }}{{ toRawJson $key }}{{ end }}:
{{- if $block }}
{{- include "falco-egress.configLines" (dict "value" $item "indent" $deeper) }}
{{- else }} {{ toRawJson $item }}
{{- end }}
{{- else }}
{{ $indent }}- {{ if $block }}
{{- include "falco-egress.configLines" (dict "value" $item "indent" $deeper) | trimPrefix (printf "\n%s" $deeper) }}
{{- else }}
{{- toRawJson $item }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* The text of a file of our program: JSON, each of the outer keys on a line of its own, sorted. */}}
{{- define "falco-egress.jsonText" -}}
{{- $lines := list }}
{{- range $key, $value := . }}
{{- $lines = append $lines (printf "  %s: %s" (toRawJson $key) (toRawJson $value)) }}
{{- end }}
{{- if $lines }}
{{- printf "{\n%s\n}" (join ",\n" $lines) }}
{{- else }}
{{- "{}" }}
{{- end }}
{{- end }}

{{- /* The values of a map, in the order of its keys, as one text: a separator, and the map. */}}
{{- define "falco-egress.joined" -}}
{{- $texts := list }}
{{- range $key, $text := last . }}
{{- $texts = append $texts $text }}
{{- end }}
{{- join (first .) $texts }}
{{- end }}

{{- /* Rules for declared destinations: lib/constructs/declared-text.ts. */}}
{{- define "falco-egress.declaredText" -}}
{{- $items := list }}
{{- range $name := keys . | sortAlpha }}
{{- $destination := get $ $name }}
{{- $quoted := list }}
{{- $texts := list }}
{{- range $network := $destination.networks }}
{{- $quoted = append $quoted (printf "\"%s\"" $network) }}
{{- $texts = concat $texts (include "falco-egress.networkTexts" $network | fromJsonArray) }}
{{- end }}
{{- $ports := list }}
{{- range $port := $destination.ports }}
{{- $ports = append $ports ($port | toJson) }}
{{- end }}
{{- $known := list "evt.type = connect and fd.sip exists and (evt.rawres >= 0 or evt.res = EINPROGRESS)" }}
{{- if $quoted }}
{{- $known = append $known (printf "fd.snet in (%s)" (join ", " $quoted)) }}
{{- end }}
{{- if $ports }}
{{- $known = append $known (printf "fd.sport in (%s)" (join ", " $ports)) }}
{{- end }}
{{- $ways := list (printf "(%s)" (join " and " $known)) }}
{{- if or $texts (not $quoted) }}
{{- range $way := list (list "evt.type = connect and (not fd.sip exists or (evt.rawres < 0 and not evt.res = EINPROGRESS))" "evt.arg.addr" "") (list "evt.type in (sendto, sendmsg, sendmmsg) and evt.rawres >= 0" "evt.arg.tuple" ".*->") }}
{{- $told := list (first $way) }}
{{- $some := list }}
{{- range $text := $texts }}
{{- $some = append $some (printf "%s regex \"%s%s:[0-9]+\"" (index $way 1) (last $way) $text) }}
{{- end }}
{{- if $some }}
{{- $told = append $told (printf "(%s)" (join " or " $some)) }}
{{- end }}
{{- $some = list }}
{{- range $port := $ports }}
{{- $some = append $some (printf "%s endswith \":%s\"" (index $way 1) $port) }}
{{- end }}
{{- if $some }}
{{- $told = append $told (printf "(%s)" (join " or " $some)) }}
{{- end }}
{{- $ways = append $ways (printf "(%s)" (join " and " $told)) }}
{{- end }}
{{- end }}
{{- $macro := printf "egress_declared_%s" $name }}
{{- $items = append $items (dict "macro" $macro "condition" (join " or " $ways)) }}
{{- $items = append $items (dict "macro" "egress_declared" "condition" (printf "or %s" $macro) "override" (dict "condition" "append")) }}
{{- end }}
{{- include "falco-egress.configText" $items }}
{{- end }}

{{- /* The addresses of a network as regular expressions, as JSON: lib/rules/library/network-text.ts. */}}
{{- define "falco-egress.networkTexts" -}}
{{- $parts := splitList "/" (lower .) }}
{{- $address := first $parts }}
{{- $bits := last $parts | int }}
{{- $texts := list }}
{{- if contains ":" $address }}
{{- if eq $bits 128 }}
{{- if not (contains "." $address) }}
{{- $texts = append $texts $address }}
{{- end }}
{{- else if and (regexMatch "^([1-9a-f][0-9a-f]{0,3}:)+:$" $address) (eq $bits (mul 16 (sub (splitList ":" $address | len) 2) | int)) }}
{{- $texts = append $texts (printf "%s[0-9a-f:.]*" (trimSuffix ":" $address)) }}
{{- end }}
{{- else }}
{{- $bytes := splitList "." $address }}
{{- $whole := div $bits 8 | int }}
{{- $start := slice $bytes 0 $whole }}
{{- $size := index (list 1 128 64 32 16 8 4 2) (mod $bits 8 | int) }}
{{- $starts := list $start }}
{{- if gt $size 1 }}
{{- $starts = list }}
{{- $first := mul (div (index $bytes $whole | int) $size) $size | int }}
{{- range $from := untilStep $first (add $first $size | int) 16 }}
{{- $values := list }}
{{- range $value := untilStep $from (min (add $from 16) (add $first $size) | int) 1 }}
{{- $values = append $values (toString $value) }}
{{- end }}
{{- $starts = append $starts (append $start (printf "(%s)" (join "|" $values))) }}
{{- end }}
{{- end }}
{{- range $told := $starts }}
{{- if lt (len $told) 4 }}
{{- $told = append $told "[0-9.]+" }}
{{- end }}
{{- $texts = append $texts (printf "(::ffff:)?%s" (join "[.]" $told)) }}
{{- end }}
{{- end }}
{{- toJson $texts }}
{{- end }}

{{- /* The values at a key of the items of a list, where they say anything, as JSON: a list of the key and the list. */}}
{{- define "falco-egress.valuesAt" -}}
{{- $values := list }}
{{- range $item := last . }}
{{- with get $item (first $) }}
{{- $values = append $values . }}
{{- end }}
{{- end }}
{{- toJson $values }}
{{- end }}

{{- /* Every key in a map, at any depth, as JSON: lib/settings/decide.ts, keysWithin(). */}}
{{- define "falco-egress.keysWithin" -}}
{{- $found := dict "keys" list }}
{{- include "falco-egress.keysBelow" (dict "found" $found "value" . "path" list "keys" list) }}
{{- toJson $found.keys }}
{{- end }}

{{- /* Adds the keys below a value to the list "keys" of the map "found". */}}
{{- define "falco-egress.keysBelow" -}}
{{- $at := . }}
{{- if kindIs "map" .value }}
{{- range $key, $item := .value }}
{{- $path := append $at.path $key }}
{{- $keys := append $at.keys $key }}
{{- $one := dict "path" (join "." $path) "key" $key "variable" (join "_" $keys | upper) }}
{{- $one = merge $one (dict "above" (join "_" $at.keys | upper) "parent" (last $at.keys | default "")) }}
{{- $texts := include "falco-egress.textsOf" $item | fromJsonArray }}
{{- $_ := set $at.found "keys" (append $at.found.keys (set $one "texts" $texts)) }}
{{- include "falco-egress.keysBelow" (dict "found" $at.found "value" $item "path" $path "keys" $keys) }}
{{- end }}
{{- else if kindIs "slice" .value }}
{{- range $index, $item := .value }}
{{- $path := append $at.path (toString $index) }}
{{- include "falco-egress.keysBelow" (dict "found" $at.found "value" $item "path" $path "keys" $at.keys) }}
{{- end }}
{{- end }}
{{- end }}

{{- /* A text, or the texts in a list, as JSON. */}}
{{- define "falco-egress.textsOf" -}}
{{- $texts := list }}
{{- if kindIs "string" . }}
{{- $texts = list . }}
{{- else if kindIs "slice" . }}
{{- range . }}
{{- $texts = concat $texts (include "falco-egress.textsOf" . | fromJsonArray) }}
{{- end }}
{{- end }}
{{- toJson $texts }}
{{- end }}

{{- /* A text as an item of a list in a rules file: in quotes where YAML 1.1 would not read it as text. */}}
{{- define "falco-egress.listItem" -}}
{{- if regexMatch "^(?i)([-+]?[.0-9][0-9_.:,a-fx]*(e[-+]?[0-9]*)?|y|n|yes|no|on|off|true|false|null|~|=|<<)$" . }}
{{- printf "'%s'" . }}
{{- else }}
{{- . }}
{{- end }}
{{- end }}

{{- define "falco-egress.image.node" -}}
{{ if .Values.images.registry }}{{ .Values.images.registry }}{{ else }}{{ .Values.images.node.registry }}{{ end }}/{{ .Values.images.node.repository }}:{{ .Values.images.node.tag }}{{ if .Values.images.node.digest }}@{{ .Values.images.node.digest }}{{ end }}
{{- end }}

{{- define "falco-egress.image.program" -}}
{{ if .Values.images.registry }}{{ .Values.images.registry }}{{ else }}{{ .Values.images.program.registry }}{{ end }}/{{ .Values.images.program.repository }}:{{ .Values.images.program.tag }}{{ if .Values.images.program.digest }}@{{ .Values.images.program.digest }}{{ end }}
{{- end }}

{{- define "falco-egress.image.sidekick" -}}
{{ if .Values.images.registry }}{{ .Values.images.registry }}{{ else }}{{ .Values.images.sidekick.registry }}{{ end }}/{{ .Values.images.sidekick.repository }}:{{ .Values.images.sidekick.tag }}{{ if .Values.images.sidekick.digest }}@{{ .Values.images.sidekick.digest }}{{ end }}
{{- end }}

{{- define "falco-egress.image.metacollector" -}}
{{ if .Values.images.registry }}{{ .Values.images.registry }}{{ else }}{{ .Values.images.metacollector.registry }}{{ end }}/{{ .Values.images.metacollector.repository }}:{{ .Values.images.metacollector.tag }}{{ if .Values.images.metacollector.digest }}@{{ .Values.images.metacollector.digest }}{{ end }}
{{- end }}

{{- define "falco-egress.scheme" -}}
{{ if ne .Values.tls.issuer "none" }}https{{ else }}http{{ end }}
{{- end }}

{{- define "falco-egress.rules.egress" -}}
{{- if ne .Values.plugins.k8smeta.source "none" -}}
- list: k8s_not_monitored
  items: [{{ range $index, $item := .Values.exempt.values }}{{ if $index }}, {{ end }}{{ include "falco-egress.listItem" $item }}{{ end }}]
{{- else -}}
- list: k8s_namespaces_not_monitored
  items: [{{ include "falco-egress.listItem" .Values.namespaces.node }}, {{ include "falco-egress.listItem" .Values.namespaces.services }}{{ if and (not .Values.falco.install) (ne .Values.falco.external.namespace .Values.namespaces.node) (ne .Values.falco.external.namespace .Values.namespaces.services) }}, {{ include "falco-egress.listItem" .Values.falco.external.namespace }}{{ end }}{{ if .Values.demo.enabled }}, testkatz-exempt{{ end }}{{ range $key, $value := .Values.namespaceLabels }}{{ if has (get $value $.Values.exempt.label) $.Values.exempt.values }}, {{ include "falco-egress.listItem" $key }}{{ end }}{{ end }}]
{{- end }}

- macro: egress_known_peer
  condition: |-
    evt.type in (connect, sendto, sendmsg, sendmmsg)
    and (evt.rawres >= 0 or evt.res = EINPROGRESS)
    and (fd.name_changed = true or (evt.type = connect and (not fd.ino = 0 or fd.name = "<unknown>")))
    and (fd.typechar = 4 or fd.typechar = 6)
    and fd.sip exists
    and not fd.sip in ("0.0.0.0", "::")
    and not fd.snet in ("127.0.0.0/8", "::1/128")
    and not fd.cnet in ("127.0.0.0/8", "::1/128")
    and not (evt.type = connect and fd.l4proto = udp and fd.sport = 0)

- macro: egress_asked_peer
  condition: |-
    evt.type = connect
    and (not fd.sip exists
    or (evt.rawres < 0 and not evt.res in (EINPROGRESS, EALREADY, EISCONN)
    and not fd.name endswith val(evt.arg.addr)))
    and not fd.typechar = u
    and evt.arg.addr contains ":"
    and not evt.arg.addr startswith oneof ("127.", "0.0.0.0:", "::1:", ":::", "::ffff:127.", "::ffff:0.0.0.0:", "/", "@")

- macro: egress_bound_peer
  condition: |-
    evt.type in (sendto, sendmsg, sendmmsg)
    and evt.rawres >= 0
    and fd.name_changed = true
    and fd.typechar = 6
    and not fd.sip exists
    and evt.arg.tuple regex ".*->.*:([1-9][0-9]{0,3}|[12][0-9]{4})"
    and not evt.arg.tuple contains "->::1:"
    and not evt.arg.tuple contains "->:::"

- macro: egress_unknown_peer
  condition: |-
    evt.type in (sendto, sendmsg, sendmmsg)
    and (fd.typechar = 4 or fd.typechar = 6)
    and ((not fd.cip exists and evt.res in (ECONNREFUSED, EINPROGRESS, ETIMEDOUT, ENETUNREACH, EHOSTUNREACH,
    ENETDOWN, EHOSTDOWN, EADDRNOTAVAIL, EPERM, EACCES))
    or (fd.l4proto = udp and fd.snet in ("127.0.0.0/8", "::1/128") and evt.res = EINVAL))

- macro: outbound_corp
  condition: (egress_known_peer or egress_asked_peer or egress_bound_peer or egress_unknown_peer)

- macro: egress_by_pod
  condition: not container.id = host

- macro: egress_declared
  condition: evt.num = 0

- rule: kubernetes outbound connection
  desc: A Pod tried to connect or to send to another address, whether or not it succeeded
  condition: |-
    outbound_corp
    and egress_by_pod
    and not egress_declared
{{- if ne .Values.plugins.k8smeta.source "none" }}
    and not k8smeta.ns.label[{{ .Values.exempt.label }}] in (k8s_not_monitored)
  output: 'Outbound network traffic connection from a Pod: (pod=%k8s.pod.name namespace=%k8s.ns.name poduid=%k8s.pod.uid deployment=%k8smeta.deployment.name replicaset=%k8smeta.rs.name node=%evt.hostname container=%container.id image=%container.image.repository tag=%container.image.tag digest=%container.image.digest procname=%proc.name exepath=%proc.exepath pid=%proc.pid parent=%proc.pname user=%user.name uid=%user.uid srcip=%fd.cip srcport=%fd.cport dstip=%fd.sip dstport=%fd.sport asked=%evt.arg.addr proto=%fd.l4proto event=%evt.type result=%evt.res{{ if eq .Values.privacy.commandLine "full" }} command=%proc.cmdline{{ else }}{{ if eq .Values.privacy.commandLine "redacted" }} argcount=%proc.cmdnargs argchars=%proc.cmdlenargs{{ end }}{{ end }})'
{{- else }}
    and not k8s.ns.name in (k8s_namespaces_not_monitored)
  output: 'Outbound network traffic connection from a Pod: (pod=%k8s.pod.name namespace=%k8s.ns.name poduid=%k8s.pod.uid node=%evt.hostname container=%container.id image=%container.image.repository tag=%container.image.tag digest=%container.image.digest procname=%proc.name exepath=%proc.exepath pid=%proc.pid parent=%proc.pname user=%user.name uid=%user.uid srcip=%fd.cip srcport=%fd.cport dstip=%fd.sip dstport=%fd.sport asked=%evt.arg.addr proto=%fd.l4proto event=%evt.type result=%evt.res{{ if eq .Values.privacy.commandLine "full" }} command=%proc.cmdline{{ else }}{{ if eq .Values.privacy.commandLine "redacted" }} argcount=%proc.cmdnargs argchars=%proc.cmdlenargs{{ end }}{{ end }})'
{{- end }}
  priority: WARNING
  tags: [network, egress, alert]

- rule: kubernetes io_uring setup
  desc: A Pod set up an io_uring, by which it can connect and send without a system call that Falco sees
  condition: |-
    evt.type = io_uring_setup
    and evt.rawres >= 0
    and egress_by_pod
{{- if ne .Values.plugins.k8smeta.source "none" }}
    and not k8smeta.ns.label[{{ .Values.exempt.label }}] in (k8s_not_monitored)
  output: 'A Pod set up io_uring, connections made by it are not seen: (pod=%k8s.pod.name namespace=%k8s.ns.name poduid=%k8s.pod.uid deployment=%k8smeta.deployment.name replicaset=%k8smeta.rs.name node=%evt.hostname container=%container.id image=%container.image.repository tag=%container.image.tag digest=%container.image.digest procname=%proc.name exepath=%proc.exepath pid=%proc.pid parent=%proc.pname user=%user.name uid=%user.uid srcip=%fd.cip srcport=%fd.cport dstip=%fd.sip dstport=%fd.sport asked=%evt.arg.addr proto=%fd.l4proto event=%evt.type result=%evt.res{{ if eq .Values.privacy.commandLine "full" }} command=%proc.cmdline{{ else }}{{ if eq .Values.privacy.commandLine "redacted" }} argcount=%proc.cmdnargs argchars=%proc.cmdlenargs{{ end }}{{ end }})'
{{- else }}
    and not k8s.ns.name in (k8s_namespaces_not_monitored)
  output: 'A Pod set up io_uring, connections made by it are not seen: (pod=%k8s.pod.name namespace=%k8s.ns.name poduid=%k8s.pod.uid node=%evt.hostname container=%container.id image=%container.image.repository tag=%container.image.tag digest=%container.image.digest procname=%proc.name exepath=%proc.exepath pid=%proc.pid parent=%proc.pname user=%user.name uid=%user.uid srcip=%fd.cip srcport=%fd.cport dstip=%fd.sip dstport=%fd.sport asked=%evt.arg.addr proto=%fd.l4proto event=%evt.type result=%evt.res{{ if eq .Values.privacy.commandLine "full" }} command=%proc.cmdline{{ else }}{{ if eq .Values.privacy.commandLine "redacted" }} argcount=%proc.cmdnargs argchars=%proc.cmdlenargs{{ end }}{{ end }})'
{{- end }}
  priority: NOTICE
  tags: [network, egress, alert, io_uring]
{{- end }}

{{- define "falco-egress.rules.declared" -}}
{{ include "falco-egress.declaredText" .Values.egress.declared }}
{{- end }}

{{- define "falco-egress.rules.record" -}}
- rule: kubernetes outbound connection record
  desc: 'A Pod tried to connect or to send to another address: for the records, whether or not somebody need know'
  condition: |-
    outbound_corp
    and egress_by_pod
{{- if ne .Values.plugins.k8smeta.source "none" }}
    and not k8smeta.ns.label[{{ .Values.exempt.label }}] in (k8s_not_monitored)
  output: 'Outbound network traffic of a Pod, recorded: (pod=%k8s.pod.name namespace=%k8s.ns.name poduid=%k8s.pod.uid deployment=%k8smeta.deployment.name replicaset=%k8smeta.rs.name node=%evt.hostname container=%container.id image=%container.image.repository tag=%container.image.tag digest=%container.image.digest procname=%proc.name exepath=%proc.exepath pid=%proc.pid parent=%proc.pname user=%user.name uid=%user.uid srcip=%fd.cip srcport=%fd.cport dstip=%fd.sip dstport=%fd.sport asked=%evt.arg.addr proto=%fd.l4proto event=%evt.type result=%evt.res{{ if eq .Values.privacy.commandLine "full" }} command=%proc.cmdline{{ else }}{{ if eq .Values.privacy.commandLine "redacted" }} argcount=%proc.cmdnargs argchars=%proc.cmdlenargs{{ end }}{{ end }})'
{{- else }}
    and not k8s.ns.name in (k8s_namespaces_not_monitored)
  output: 'Outbound network traffic of a Pod, recorded: (pod=%k8s.pod.name namespace=%k8s.ns.name poduid=%k8s.pod.uid node=%evt.hostname container=%container.id image=%container.image.repository tag=%container.image.tag digest=%container.image.digest procname=%proc.name exepath=%proc.exepath pid=%proc.pid parent=%proc.pname user=%user.name uid=%user.uid srcip=%fd.cip srcport=%fd.cport dstip=%fd.sip dstport=%fd.sport asked=%evt.arg.addr proto=%fd.l4proto event=%evt.type result=%evt.res{{ if eq .Values.privacy.commandLine "full" }} command=%proc.cmdline{{ else }}{{ if eq .Values.privacy.commandLine "redacted" }} argcount=%proc.cmdnargs argchars=%proc.cmdlenargs{{ end }}{{ end }})'
{{- end }}
  priority: INFO
  tags: [network, egress, record]
{{- end }}

{{- define "falco-egress.rules.canary" -}}
- rule: Canary connection
  desc: 'The connection that a Pod of ours makes every minute on each node: without it, nothing is known of that minute'
  condition: |-
    evt.type = connect
    and (evt.rawres >= 0 or evt.res = EINPROGRESS)
    and fd.sip = "127.0.0.1"
    and fd.sport = 13133
    and k8s.ns.name = "{{ .Values.namespaces.node }}"
    and k8s.pod.name startswith "{{ .Values.name }}-collector-"
  output: Canary connection (pod=%k8s.pod.name namespace=%k8s.ns.name node=%evt.hostname container=%container.id dstip=%fd.sip dstport=%fd.sport)
  priority: INFO
  tags: [network, egress, canary]
{{- end }}

{{- define "falco-egress.rules.vistatech" -}}
- list: website_ips
  items: ['213.215.222.58', '213.215.222.59']

- macro: egress_asked_website_ips
  condition: evt.type = connect and evt.arg.addr startswith oneof ("213.215.222.58:", "::ffff:213.215.222.58:", "213.215.222.59:", "::ffff:213.215.222.59:")

- rule: Connection to vistatech.it
  desc: A Pod connects, or tries to, to the Vista Technology website
  condition: |-
    outbound_corp and egress_by_pod
    and (fd.sip in (website_ips)
    or (evt.type in (sendto, sendmsg, sendmmsg) and fd.cip in (website_ips))
    or egress_asked_website_ips)
{{- if ne .Values.plugins.k8smeta.source "none" }}
  output: Connection to vistatech.it (pod=%k8s.pod.name namespace=%k8s.ns.name poduid=%k8s.pod.uid deployment=%k8smeta.deployment.name replicaset=%k8smeta.rs.name node=%evt.hostname container=%container.id image=%container.image.repository tag=%container.image.tag digest=%container.image.digest procname=%proc.name exepath=%proc.exepath pid=%proc.pid parent=%proc.pname user=%user.name uid=%user.uid srcip=%fd.cip srcport=%fd.cport dstip=%fd.sip dstport=%fd.sport asked=%evt.arg.addr proto=%fd.l4proto event=%evt.type result=%evt.res{{ if eq .Values.privacy.commandLine "full" }} command=%proc.cmdline{{ else }}{{ if eq .Values.privacy.commandLine "redacted" }} argcount=%proc.cmdnargs argchars=%proc.cmdlenargs{{ end }}{{ end }})
{{- else }}
  output: Connection to vistatech.it (pod=%k8s.pod.name namespace=%k8s.ns.name poduid=%k8s.pod.uid node=%evt.hostname container=%container.id image=%container.image.repository tag=%container.image.tag digest=%container.image.digest procname=%proc.name exepath=%proc.exepath pid=%proc.pid parent=%proc.pname user=%user.name uid=%user.uid srcip=%fd.cip srcport=%fd.cport dstip=%fd.sip dstport=%fd.sport asked=%evt.arg.addr proto=%fd.l4proto event=%evt.type result=%evt.res{{ if eq .Values.privacy.commandLine "full" }} command=%proc.cmdline{{ else }}{{ if eq .Values.privacy.commandLine "redacted" }} argcount=%proc.cmdnargs argchars=%proc.cmdlenargs{{ end }}{{ end }})
{{- end }}
  priority: WARNING
  tags: [network, egress, alert]
{{- end }}

{{- define "falco-egress.rules.custom" -}}
{{ range $index, $item := .Values.rules }}{{ if $index }}

{{ end }}{{ include "falco-egress.configText" (list $item) }}{{ end }}
{{- end }}

{{- define "falco-egress.image.falcoctl" -}}
{{ if .Values.images.registry }}{{ .Values.images.registry }}{{ else }}{{ .Values.images.falcoctl.registry }}{{ end }}/{{ .Values.images.falcoctl.repository }}:{{ .Values.images.falcoctl.tag }}{{ if .Values.images.falcoctl.digest }}@{{ .Values.images.falcoctl.digest }}{{ end }}
{{- end }}

{{- define "falco-egress.image.falcoShell" -}}
{{ if .Values.images.registry }}{{ .Values.images.registry }}{{ else }}{{ .Values.images.falcoShell.registry }}{{ end }}/{{ .Values.images.falcoShell.repository }}:{{ if .Values.images.falcoShell.tag }}{{ .Values.images.falcoShell.tag }}{{ else }}{{ .Values.falco.version }}-debian{{ end }}{{ if .Values.images.falcoShell.digest }}@{{ .Values.images.falcoShell.digest }}{{ end }}
{{- end }}

{{- define "falco-egress.image.falco" -}}
{{ if .Values.images.registry }}{{ .Values.images.registry }}{{ else }}{{ .Values.images.falco.registry }}{{ end }}/{{ .Values.images.falco.repository }}:{{ if .Values.images.falco.tag }}{{ .Values.images.falco.tag }}{{ else }}{{ .Values.falco.version }}{{ end }}{{ if .Values.images.falco.digest }}@{{ .Values.images.falco.digest }}{{ end }}
{{- end }}

{{- define "falco-egress.image.collector" -}}
{{ if .Values.images.registry }}{{ .Values.images.registry }}{{ else }}{{ .Values.images.collector.registry }}{{ end }}/{{ .Values.images.collector.repository }}:{{ .Values.images.collector.tag }}{{ if .Values.images.collector.digest }}@{{ .Values.images.collector.digest }}{{ end }}
{{- end }}

{{- define "falco-egress.image.sidekickUi" -}}
{{ if .Values.images.registry }}{{ .Values.images.registry }}{{ else }}{{ .Values.images.sidekickUi.registry }}{{ end }}/{{ .Values.images.sidekickUi.repository }}:{{ .Values.images.sidekickUi.tag }}{{ if .Values.images.sidekickUi.digest }}@{{ .Values.images.sidekickUi.digest }}{{ end }}
{{- end }}

{{- define "falco-egress.image.sidekickUiStore" -}}
{{ if .Values.images.registry }}{{ .Values.images.registry }}{{ else }}{{ .Values.images.sidekickUiStore.registry }}{{ end }}/{{ .Values.images.sidekickUiStore.repository }}:{{ .Values.images.sidekickUiStore.tag }}{{ if .Values.images.sidekickUiStore.digest }}@{{ .Values.images.sidekickUiStore.digest }}{{ end }}
{{- end }}

{{- define "falco-egress.image.loki" -}}
{{ if .Values.images.registry }}{{ .Values.images.registry }}{{ else }}{{ .Values.images.loki.registry }}{{ end }}/{{ .Values.images.loki.repository }}:{{ .Values.images.loki.tag }}{{ if .Values.images.loki.digest }}@{{ .Values.images.loki.digest }}{{ end }}
{{- end }}

{{- define "falco-egress.image.grafana" -}}
{{ if .Values.images.registry }}{{ .Values.images.registry }}{{ else }}{{ .Values.images.grafana.registry }}{{ end }}/{{ .Values.images.grafana.repository }}:{{ .Values.images.grafana.tag }}{{ if .Values.images.grafana.digest }}@{{ .Values.images.grafana.digest }}{{ end }}
{{- end }}

{{- define "falco-egress.image.demo" -}}
{{ if .Values.images.registry }}{{ .Values.images.registry }}{{ else }}{{ .Values.images.demo.registry }}{{ end }}/{{ .Values.images.demo.repository }}:{{ .Values.images.demo.tag }}{{ if .Values.images.demo.digest }}@{{ .Values.images.demo.digest }}{{ end }}
{{- end }}
