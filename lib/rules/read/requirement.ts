import type {
  PluginRequirement,
  PluginVersion,
  RequiredEngineVersion,
  RequiredPluginVersions,
} from '../requirement';
import { valueOf, type MappingNode, type Node, type Report } from './node';
import { requiredText } from './values';

/** Reads `required_engine_version`: `x.y.z`, or a number as Falco had before engine 0.26. */
export function readEngineVersion(
  item: MappingNode,
  engine: string,
  report: Report,
): RequiredEngineVersion | undefined {
  const value = requiredText(item, 'required_engine_version', report);
  if (value === undefined) return undefined;
  const number = wholeNumber(value.text);
  const version = number === undefined ? value.text : `0.${number}.0`;
  if (!/^\d+\.\d+\.\d+/.test(version)) {
    report.error(
      'LOAD_ERR_YAML_VALIDATE',
      value,
      `'${value.text}' is no engine version`,
      'write it as x.y.z',
    );
    return undefined;
  }
  if (isNewer(version, engine)) {
    report.error('LOAD_ERR_VALIDATE', value, `these rules need engine ${version}, but it is ${engine}`);
    return undefined;
  }
  return { kind: 'required-engine-version', version };
}

/** A number as Falco's YAML reader takes it, in whichever base. */
function wholeNumber(text: string): number | undefined {
  const digits = /^\+?(0x[\da-f]+|\d+)$/i.exec(text)?.[1];
  if (digits === undefined) return undefined;
  const number = /^0[0-7]+$/.test(digits) ? parseInt(digits, 8) : Number(digits);
  return number < 2 ** 32 ? number : undefined;
}

function isNewer(version: string, than: string): boolean {
  const [a, b] = [numbers(version), numbers(than)];
  const index = a.findIndex((number, i) => number !== (b[i] ?? 0));
  return index >= 0 && (a[index] ?? 0) > (b[index] ?? 0);
}

function numbers(version: string): number[] {
  return (/^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
}

/**
 * Reads `required_plugin_versions`.
 *
 * @param loaded the versions of the plugins that Falco loads, by name
 */
export function readPluginVersions(
  item: MappingNode,
  loaded: ReadonlyMap<string, string>,
  report: Report,
): RequiredPluginVersions | undefined {
  const node = valueOf(item, 'required_plugin_versions');
  if (node?.type !== 'sequence') {
    report.error('LOAD_ERR_YAML_VALIDATE', node ?? item, "'required_plugin_versions' must be a sequence");
    return undefined;
  }
  const plugins: PluginRequirement[] = [];
  for (const entry of node.items) {
    const plugin = readPlugin(entry, report);
    if (plugin === undefined || entry.type !== 'mapping') continue;
    const alternatives = valueOf(entry, 'alternatives');
    if (alternatives !== undefined && alternatives.type !== 'sequence')
      report.error('LOAD_ERR_YAML_VALIDATE', alternatives, "'alternatives' must be a sequence");
    const others =
      alternatives?.type === 'sequence'
        ? alternatives.items.flatMap((other) => readPlugin(other, report) ?? [])
        : [];
    const twice = others.find(({ name }, index) =>
      [plugin, ...others.slice(0, index)].some((other) => other.name === name),
    );
    if (twice !== undefined)
      report.error('LOAD_ERR_VALIDATE', entry, `plugin '${twice.name}' stands among the alternatives twice`);
    checkLoaded([plugin, ...others], loaded, entry, report);
    plugins.push(others.length === 0 ? plugin : { ...plugin, alternatives: others });
  }
  return { kind: 'required-plugin-versions', plugins };
}

function readPlugin(entry: Node, report: Report): PluginVersion | undefined {
  if (entry.type !== 'mapping') {
    const message = 'a required plugin must be a mapping of name and version';
    report.error('LOAD_ERR_YAML_VALIDATE', entry, message);
    return undefined;
  }
  const name = requiredText(entry, 'name', report);
  const version = requiredText(entry, 'version', report);
  if (name === undefined || version === undefined) return undefined;
  if (!/^\d+\.\d+\.\d+/.test(version.text)) {
    report.error(
      'LOAD_ERR_VALIDATE',
      version,
      `'${version.text}' is no version of a plugin`,
      'write it as x.y.z',
    );
    return undefined;
  }
  return { name: name.text, version: version.text };
}

/** Falco gives no code for it: it says so when the rules are loaded, and stops. */
function checkLoaded(
  wanted: readonly PluginVersion[],
  loaded: ReadonlyMap<string, string>,
  at: Node,
  report: Report,
): void {
  const fits = ({ name, version }: PluginVersion): boolean => {
    const [has, wants] = [numbers(loaded.get(name) ?? ''), numbers(version)];
    return has.length > 0 && has[0] === wants[0] && !isNewer(version, loaded.get(name) ?? '');
  };
  if (wanted.some(fits)) return;
  const asked = wanted.map(({ name, version }) => `${name} ${version}`).join(' or ');
  const there = [...loaded].map(([name, version]) => `${name} ${version}`).join(', ');
  report.error(
    'unmet-plugin-version',
    at,
    `these rules need plugin ${asked}; loaded: ${there === '' ? 'none' : there}`,
  );
}
