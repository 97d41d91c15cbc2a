import { nearest } from '../schema/nearest';
import { isSecretKey } from '../settings/checks/secret';
import { OUTPUTS_SECRET, type Draft, type Item } from './draft';
import { isEmpty, isMap, isScalar, truth, valueAt, type Mapping } from './mapping';
import { OUTPUT_KEYS, type Output } from './output-keys';
import { carriesSecret } from './secrets-in-text';
import { OWN_OUTPUTS, priority } from './own-outputs';

/** Keys that are a map in falcosidekick's file and a text in a variable: they are taken over as variables. */
const MAPS = new Set([
  'extralabels',
  'extraannotations',
  'customseveritymap',
  'customattributes',
  'extraattributes',
  'extraenvvars',
  'headers',
]);

/** Keys that have another name in falcosidekick than in the chart. */
const RENAMED: Readonly<Record<string, string>> = { expireafter: 'expiresafter' };

/** Why an output can't work here as it did. */
const UNMAPPED: Readonly<Record<string, string>> = {
  policyreport: 'falcosidekick has no rights to write PolicyReports here',
  azure:
    'an identity of the Pod: falcosidekick has no labels or annotations of Azure here; sidekick.labels can carry them',
};

/** One output of `falcosidekick.config`, and the outputs below it. */
export function outputMapping(name: string): Mapping {
  return {
    apply: (item, draft, root) => {
      const output = OUTPUT_KEYS.get(name);
      if (!isMap(item.value)) draft.unmapped(item, 'expected a map with the settings of this output');
      else
        for (const [key, value] of Object.entries(item.value)) {
          const entry = { path: [...item.path, key], value };
          const lower = key.toLowerCase();
          if (OUTPUT_KEYS.has(`${name}.${lower}`))
            outputMapping(`${name}.${lower}`).apply(entry, draft, root);
          else if (output?.keys.includes(lower) !== true) unknown(entry, name, draft);
          else if (isEmpty(value)) draft.unneeded(entry, 'empty');
          else if (!isOn(output, root)) draft.unneeded(entry, `the output ${name} is off`);
          else take(entry, output, lower, draft, root);
        }
    },
  };
}

/** Whether the values switch an output on, or may: what stands in a Secret isn't known here. */
function isOn(output: Output, root: unknown): boolean {
  const config = lowerKeys(valueAt(root, 'falcosidekick.config'));
  if (!isEmpty(valueAt(config, 'existingsecret'))) return true;
  if (output.switches.length > 0)
    return output.switches.some((key) => {
      const value = valueAt(config, `${output.name}.${key}`);
      const variable = `${output.name}.${key}`.replaceAll('.', '_').toUpperCase();
      return (!isEmpty(value) && truth(value) !== false) || isVariable(variable, root);
    });
  return [...OUTPUT_KEYS.values()].some(
    (other) => other.name.startsWith(`${output.name}.`) && isOn(other, root),
  );
}

/** Whether falcosidekick gets a variable of that name. */
function isVariable(name: string, root: unknown): boolean {
  const variables = valueAt(root, 'falcosidekick.config.extraEnv');
  return (
    Array.isArray(variables) &&
    variables.some((each: unknown) => isMap(each) && String(each['name']).toUpperCase() === name)
  );
}

function take(item: Item, output: Output, key: string, draft: Draft, root: unknown): void {
  const own = OWN_OUTPUTS[output.name]?.[key];
  const refused = UNMAPPED[output.name];
  if (refused !== undefined) draft.unmapped(item, refused);
  else if (own !== undefined) own.apply(item, draft, root);
  else if (output.name === 'aws' && key === 'useirsa') draft.unneeded(item, 'see aws.rolearn');
  else if (
    output.name === 'aws' &&
    key === 'rolearn' &&
    truth(valueAt(root, 'falcosidekick.config.aws.useirsa')) !== false
  )
    draft.unmapped(
      item,
      'IRSA needs an annotation on the ServiceAccount, which settings do not have; add it in TypeScript',
    );
  else passOn(item, [...output.name.split('.'), RENAMED[key] ?? key], draft);
}

/** In falcosidekick's own words; secrets by a variable out of a Secret. */
function passOn(item: Item, keys: readonly string[], draft: Draft): void {
  const variable = keys.join('_').toUpperCase();
  const key = keys.at(-1) ?? '';
  const { value } = item;
  if (key === 'customheaders' || isSecretKey(key) || carriesSecret(value))
    draft.takeSecret(
      item,
      [[['sidekick', 'secretEnv', variable], { secret: OUTPUTS_SECRET, key: variable }]],
      [{ secret: OUTPUTS_SECRET, key: variable }],
    );
  else if (key === 'minimumpriority')
    priority(['sidekick', 'outputs', ...keys]).apply(item, draft, undefined);
  else if (isMap(value)) {
    for (const [inner, part] of Object.entries(value))
      if (isMap(part) || Array.isArray(part))
        draft.unmapped({ path: [...item.path, inner], value: part }, 'expected text');
      else passOn({ path: [...item.path, inner], value: part }, [...keys, inner.toLowerCase()], draft);
  } else if (!isScalar(value)) draft.unmapped(item, 'expected text');
  else if (MAPS.has(key) && !['loki', 'prometheus'].includes(keys[0] ?? ''))
    draft.take(item, ['sidekick', 'env', variable], String(value));
  else draft.take(item, ['sidekick', 'outputs', ...keys], value);
}

function unknown(item: Item, name: string, draft: Draft): void {
  const key = String(item.path.at(-1));
  const guess = nearest(key, OUTPUT_KEYS.get(name)?.keys ?? []);
  draft.unknown(item, guess === undefined ? '' : `did you mean '${guess}'?`);
}

function lowerKeys(value: unknown): unknown {
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key.toLowerCase(), lowerKeys(part)]));
}
