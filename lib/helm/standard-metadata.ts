import { SYNC_WAVE } from '../constructs/metadata';
import { PRODUCT, selectorLabels } from '../names';
import { VERSION } from '../version';
import type { Print } from './expression';
import { literal, operand, ROOT, VALUES } from './node';

/** Keys of a map, and what is under them; what the user has a part in stands under a key of its own. */
type Entries = readonly (readonly [string, unknown])[];

/** A map, or a part of one, for which the chart has a named template. */
export interface StandardPart {
  /** How the template is included. */
  readonly code: string;
  /** What the part does not have. */
  readonly rest: Entries;
  /** Whether the user can put keys into the part. */
  readonly open: boolean;
}

const KEYS = Object.keys(selectorLabels('', 'falco'));
const PART_OF: Entries = [['app.kubernetes.io/part-of', PRODUCT]];
const VERSIONED: Entries = [...PART_OF, ['app.kubernetes.io/version', VERSION]];

/** Labels and annotations that stand in most files: they are written once, in `_helpers.tpl`. */
export function standardPart(entries: Entries, print: Print): StandardPart | undefined {
  return annotations(entries, print) ?? labels(entries, print);
}

function annotations(entries: Entries, print: Print): StandardPart | undefined {
  const [first, second, ...rest] = entries;
  if (spread(first, print) !== `${VALUES}.annotations`) return undefined;
  if (second?.[0] !== SYNC_WAVE || typeof second[1] !== 'string') return undefined;
  return { code: included('annotations', 'wave', second[1]), rest, open: true };
}

function labels(entries: Entries, print: Print): StandardPart | undefined {
  const start = entries.findIndex(([key]) => key === KEYS[0]);
  const own = entries.slice(start, start + KEYS.length);
  const [, instance, component] = own.map(([, value]) => value);
  if (start < 0 || start > 1 || own.some(([key], index) => key !== KEYS[index])) return undefined;
  if (typeof component !== 'string' || typeof instance !== 'string') return undefined;
  if (print.generation.marks.in(component)) return undefined;
  const name = print.generation.marks.only(instance);
  if (name?.is !== 'code' || name.code !== `${VALUES}.name`) return undefined;
  const after = entries.slice(start + KEYS.length);
  const user = start === 1 ? spread(entries[0], print) : undefined;
  if (user === `${VALUES}.labels` && startsWith(after, VERSIONED))
    return {
      code: included('labels', 'component', component),
      rest: after.slice(VERSIONED.length),
      open: true,
    };
  if (user !== undefined && startsWith(after, PART_OF))
    return {
      code: included('podLabels', 'component', component, `"labels" ${operand(user)}`),
      rest: after.slice(PART_OF.length),
      open: true,
    };
  if (start > 0) return undefined;
  return { code: included('selectorLabels', 'component', component), rest: after, open: false };
}

function included(template: string, key: string, value: string, more = ''): string {
  const dict = [literal(key), literal(value), more, `"context" ${ROOT}`].filter((part) => part !== '');
  return `include "${PRODUCT}.${template}" (dict ${dict.join(' ')})`;
}

/** The map of the chart's values that an entry spreads. */
function spread(entry: Entries[number] | undefined, print: Print): string | undefined {
  if (entry === undefined || !print.generation.tokens.isSplice(...entry)) return undefined;
  const node = print.generation.tokens.nodeOf(entry[1]);
  return node?.is === 'map' ? node.code : undefined;
}

function startsWith(entries: Entries, expected: Entries): boolean {
  return expected.every(([key, value], index) => entries[index]?.[0] === key && entries[index][1] === value);
}

/** The templates of {@link standardPart}. */
export const STANDARD_TEMPLATES = `{{- /* Labels by which Pods are selected: "component", and "context", which is the top. */}}
{{- define "${PRODUCT}.selectorLabels" -}}
app.kubernetes.io/name: ${PRODUCT}
app.kubernetes.io/instance: {{ .context.Values.name | quote }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- /* Labels of a component's Pods: "labels" of the values, and our own over them. */}}
{{- define "${PRODUCT}.podLabels" -}}
{{- include "${PRODUCT}.merged" (list .labels
  (include "${PRODUCT}.selectorLabels" . | fromYaml)
  (dict "app.kubernetes.io/part-of" "${PRODUCT}")
) }}
{{- end }}

{{- /* Labels of any object: "component", and "context", which is the top. */}}
{{- define "${PRODUCT}.labels" -}}
{{- include "${PRODUCT}.merged" (list .context.Values.labels
  (include "${PRODUCT}.selectorLabels" . | fromYaml)
  (dict "app.kubernetes.io/part-of" "${PRODUCT}" "app.kubernetes.io/version" "${VERSION}")
) }}
{{- end }}

{{- /* Annotations of any object: "wave", the step in which Argo CD applies it, and "context", which is the top. */}}
{{- define "${PRODUCT}.annotations" -}}
{{- include "${PRODUCT}.merged" (list .context.Values.annotations
  (dict "${SYNC_WAVE}" .wave)
) }}
{{- end }}
`;
