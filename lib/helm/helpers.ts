import { ASKED, CONNECTED, DECLARED, declaredMacro, SENT } from '../constructs/declared-text';
import { literal } from './node';

/** Templates that do what functions of the constructs do where these cannot: with what only the chart's values say. */
export const HELPER_TEMPLATES = `{{- /* One map of several; later ones win. */}}
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
{{- if regexMatch "[\\\\x{85}\\\\x{2028}\\\\x{2029}]" $text }}
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
{{- include "falco-egress.configLines" (dict "value" . "indent" "") | trimPrefix "\\n" }}
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
{{- include "falco-egress.configLines" (dict "value" $item "indent" $deeper) | trimPrefix (printf "\\n%s" $deeper) }}
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
{{- printf "{\\n%s\\n}" (join ",\\n" $lines) }}
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
{{- $quoted = append $quoted (printf "\\"%s\\"" $network) }}
{{- $texts = concat $texts (include "falco-egress.networkTexts" $network | fromJsonArray) }}
{{- end }}
{{- $ports := list }}
{{- range $port := $destination.ports }}
{{- $ports = append $ports ($port | toJson) }}
{{- end }}
{{- $known := list ${literal(CONNECTED)} }}
{{- if $quoted }}
{{- $known = append $known (printf "fd.snet in (%s)" (join ", " $quoted)) }}
{{- end }}
{{- if $ports }}
{{- $known = append $known (printf "fd.sport in (%s)" (join ", " $ports)) }}
{{- end }}
{{- $ways := list (printf "(%s)" (join " and " $known)) }}
{{- if or $texts (not $quoted) }}
{{- range $way := list (list ${literal(ASKED)} "evt.arg.addr" "") (list ${literal(SENT)} "evt.arg.tuple" ".*->") }}
{{- $told := list (first $way) }}
{{- $some := list }}
{{- range $text := $texts }}
{{- $some = append $some (printf "%s regex \\"%s%s:[0-9]+\\"" (index $way 1) (last $way) $text) }}
{{- end }}
{{- if $some }}
{{- $told = append $told (printf "(%s)" (join " or " $some)) }}
{{- end }}
{{- $some = list }}
{{- range $port := $ports }}
{{- $some = append $some (printf "%s endswith \\":%s\\"" (index $way 1) $port) }}
{{- end }}
{{- if $some }}
{{- $told = append $told (printf "(%s)" (join " or " $some)) }}
{{- end }}
{{- $ways = append $ways (printf "(%s)" (join " and " $told)) }}
{{- end }}
{{- end }}
{{- $macro := printf ${literal(declaredMacro('%s'))} $name }}
{{- $items = append $items (dict "macro" $macro "condition" (join " or " $ways)) }}
{{- $items = append $items (dict "macro" ${literal(DECLARED)} "condition" (printf "or %s" $macro) "override" (dict "condition" "append")) }}
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
`;
