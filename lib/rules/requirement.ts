/** The least engine version that the rules of a file need. */
export interface RequiredEngineVersion {
  readonly kind: 'required-engine-version';
  readonly version: string;
}

/** A plugin and the least version of it that will do. */
export interface PluginVersion {
  readonly name: string;
  readonly version: string;
}

/** A plugin that rules need, and the plugins that will do instead of it. */
export interface PluginRequirement extends PluginVersion {
  readonly alternatives?: readonly PluginVersion[];
}

/** The plugins that the rules of a file need; Falco doesn't start without them. */
export interface RequiredPluginVersions {
  readonly kind: 'required-plugin-versions';
  readonly plugins: readonly PluginRequirement[];
}

/** Refuses engines older than `version` (`x.y.z`). */
export function requiredEngineVersion(version: string): RequiredEngineVersion {
  return { kind: 'required-engine-version', version };
}

/** Refuses a Falco that lacks one of the plugins, or has an older one. */
export function requiredPluginVersions(...plugins: readonly PluginRequirement[]): RequiredPluginVersions {
  return { kind: 'required-plugin-versions', plugins };
}
