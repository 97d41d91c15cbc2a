import type { CompiledRule } from '../../rules/compile/compiled';
import { fieldKey } from '../../rules/evaluate/read/field';
import type { FieldCatalogue } from '../../rules/fields/field';
import { fieldsOfOutput, parseOutput } from '../../rules/fields/output-format';
import { ConditionError } from '../../rules/language/condition-error';
import { isJsonObject } from '../../rules/recorded/json-value';

/**
 * What the plugins suggest for every alert: Falco appends it (`suggested_output`). Facts: container 0.7.1, k8smeta 0.4.1.
 */
const SUGGESTED = [
  'container.id',
  'container.name',
  'container.image.repository',
  'container.image.tag',
  'k8s.pod.name',
  'k8s.ns.name',
  'k8smeta.pod.name',
  'k8smeta.ns.name',
];

/**
 * The fields that the alerts of a rule have; `undefined` where its output is not known.
 *
 * @param appendOutput Falco's `append_output`, as it is configured
 */
export function toldFields(
  { output, name, source, tags }: Pick<CompiledRule, 'output' | 'name' | 'source' | 'tags'>,
  appendOutput: unknown,
  catalogue: FieldCatalogue,
): ReadonlySet<string> | undefined {
  if (output === undefined) return undefined;
  const told = new Set(fieldsOfOutput(output).map(fieldKey));
  for (const item of Array.isArray(appendOutput) ? appendOutput : []) {
    if (!isJsonObject(item) || !isMeant(item['match'], { name, source, tags })) continue;
    for (const field of appended(item, source, catalogue)) told.add(field);
  }
  return told;
}

type Meant = Pick<CompiledRule, 'name' | 'source' | 'tags'>;

/** All that an item asks for has to hold: the rule, the source, and each of the tags. */
function isMeant(match: unknown, { name, source, tags }: Meant): boolean {
  if (!isJsonObject(match)) return true;
  const asks = (key: string, value: string): boolean => (match[key] ?? '') === '' || match[key] === value;
  const wanted = Array.isArray(match['tags']) ? match['tags'] : [];
  return asks('rule', name) && asks('source', source) && wanted.every((tag) => tags.includes(String(tag)));
}

function appended(
  item: Readonly<Record<string, unknown>>,
  source: string,
  catalogue: FieldCatalogue,
): readonly string[] {
  const suggested =
    item['suggested_output'] === true && source === 'syscall'
      ? SUGGESTED.filter((field) => catalogue.field(field) !== undefined)
      : [];
  const extra: unknown[] = Array.isArray(item['extra_fields']) ? item['extra_fields'] : [];
  return [
    ...suggested,
    ...fieldsOfText(item['extra_output'], catalogue),
    ...extra.flatMap((field) => (isJsonObject(field) ? Object.keys(field) : [String(field)])),
  ];
}

function fieldsOfText(text: unknown, catalogue: FieldCatalogue): string[] {
  if (typeof text !== 'string' || text === '') return [];
  try {
    return fieldsOfOutput(parseOutput(text, catalogue)).map(fieldKey);
  } catch (error) {
    // Falco will say so.
    if (error instanceof ConditionError) return [];
    throw error;
  }
}

/** Fields that follow from others where an alert doesn't tell them itself. */
const FOLLOWS: readonly (readonly [RegExp, RegExp])[] = [
  [/^fd\.snet$/, /^fd\.sip$/],
  [/^fd\.cnet$/, /^fd\.cip$/],
  [/^fd\.lnet$/, /^fd\.lip$/],
  [/^fd\.rnet$/, /^fd\.rip$/],
  [/^fd\.(?:ip|net)$/, /^fd\.[cslr]ip$/],
  [/^fd\.(?:port|proto)$/, /^fd\.[cslr]port$/],
  [/^fd\.(?:type|typechar|sockfamily)$/, /^fd\.type/],
  [/^evt\.failed$/, /^evt\.rawres$/],
  [/^evt\.(?:dir$|type\.is)/, /^evt\.type$/],
  [/^evt\.count$/, /^/],
  [/^evt\.(?:raw)?arg[.[]/, /^evt\.args$|^evt\.(?:raw)?arg[.[]/],
  [/^proc\.(?:pname$|aname)/, /^proc\.(?:name|pname|aname)/],
  [/^proc\.(?:args|env|aenv)\[/, /^proc\.(?:args|env)$/],
  [/^proc\.a(?:pid|exe|exepath|cmdline|env|args)/, /^proc\./],
];

/** Whether alerts with these fields tell a field, be it by another. */
export function tells(told: ReadonlySet<string>, field: string): boolean {
  if (told.has(field)) return true;
  return FOLLOWS.some(([asked, from]) => asked.test(field) && [...told].some((each) => from.test(each)));
}
