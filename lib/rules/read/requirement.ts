import type { PluginRequirement, RequiredEngineVersion, RequiredPluginVersions } from '../requirement';
import { valueOf, type MappingNode, type Report } from './node';
import { requiredText } from './values';

/** Reads `required_engine_version`: `x.y.z`, or a number as Falco had before engine 0.26. */
export function readEngineVersion(
  item: MappingNode,
  engine: string,
  report: Report,
): RequiredEngineVersion | undefined {
  const value = requiredText(item, 'required_engine_version', report);
  if (value === undefined) return undefined;
  const version = /^\d+$/.test(value.text) ? `0.${value.text}.0` : value.text;
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

function isNewer(version: string, than: string): boolean {
  const [a, b] = [numbers(version), numbers(than)];
  const index = a.findIndex((number, i) => number !== (b[i] ?? 0));
  return index >= 0 && (a[index] ?? 0) > (b[index] ?? 0);
}

function numbers(version: string): number[] {
  return (/^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
}

/** Reads `required_plugin_versions`. */
export function readPluginVersions(item: MappingNode, report: Report): RequiredPluginVersions | undefined {
  const node = valueOf(item, 'required_plugin_versions');
  if (node?.type !== 'sequence') {
    report.error('LOAD_ERR_YAML_VALIDATE', node ?? item, "'required_plugin_versions' must be a sequence");
    return undefined;
  }
  const plugins: PluginRequirement[] = [];
  for (const entry of node.items) {
    if (entry.type !== 'mapping') {
      report.error(
        'LOAD_ERR_YAML_VALIDATE',
        entry,
        'a required plugin must be a mapping of name and version',
      );
      continue;
    }
    const plugin = readPlugin(entry, report);
    const alternatives = valueOf(entry, 'alternatives');
    const others =
      alternatives?.type === 'sequence'
        ? alternatives.items.flatMap((other) =>
            other.type === 'mapping' ? (readPlugin(other, report) ?? []) : [],
          )
        : [];
    if (plugin !== undefined)
      plugins.push(others.length === 0 ? plugin : { ...plugin, alternatives: others });
  }
  return { kind: 'required-plugin-versions', plugins };
}

function readPlugin(entry: MappingNode, report: Report): PluginRequirement | undefined {
  const name = requiredText(entry, 'name', report);
  const version = requiredText(entry, 'version', report);
  return name === undefined || version === undefined ? undefined : { name: name.text, version: version.text };
}
