import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import packageJson from '../../package.json';
import { release, ReleaseError } from './release-error';
import { run } from './run';

const ROOT = resolve(__dirname, '../..');

/** Lists of what the bundles hold, as tools/bundle.mjs writes them. */
const BUNDLED = ['dist/THIRD-PARTY-NOTICES.txt', 'dist/program/THIRD-PARTY-NOTICES.txt'];

/** What is read and changed of a bill of materials in CycloneDX' JSON. */
interface Bom {
  readonly metadata: { readonly timestamp?: string; readonly component: { readonly 'bom-ref': string } };
  readonly serialNumber?: string;
  readonly components: readonly { readonly 'bom-ref': string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/**
 * `npm run --silent release:sbom`: what is in the package, and what npm installs with it, as CycloneDX. `npm sbom` knows the
 * packages, but not which of them only the developers of this repository need: with `--omit dev` it leaves out what they
 * need as well. It has no time and no number of its own: the same tree gives the same bytes.
 */
function sbom(): void {
  const said = run(
    'npm',
    ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--loglevel', 'silent'],
    ROOT,
  );
  const bom = JSON.parse(said) as Bom;
  const { timestamp: _timestamp, ...metadata } = bom.metadata;
  const { serialNumber: _serialNumber, ...rest } = bom;
  const wanted = shipped(bom);
  const self = bom.metadata.component['bom-ref'];
  const inside = directly(bom);
  console.log(
    JSON.stringify(
      {
        ...rest,
        // npm calls it by the name of the folder.
        metadata: { ...metadata, component: { ...metadata.component, name: packageJson.name } },
        components: bom.components.filter((component) => wanted.has(component['bom-ref'])),
        dependencies: bom.dependencies
          .filter(({ ref }) => ref === self || wanted.has(ref))
          .map((entry) => (entry.ref === self ? { ...entry, dependsOn: inside } : entry)),
      },
      null,
      2,
    ),
  );
}

/** Packages that are in the package, or that it asks for. */
function directly(bom: Bom): string[] {
  const self = bom.dependencies.find(({ ref }) => ref === bom.metadata.component['bom-ref']);
  const asked = Object.keys({ ...packageJson.dependencies, ...packageJson.peerDependencies }).map((name) =>
    (self?.dependsOn ?? []).find((ref) => ref.startsWith(`${name}@`)),
  );
  const bundled = BUNDLED.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^-{80}\n(\S+) (\S+) \(/gm)].map(
      ([, name = '', version = '']) => `${name}@${version}`,
    ),
  );
  const known = new Set(bom.components.map((component) => component['bom-ref']));
  const refs = [...new Set([...asked, ...bundled])];
  const unknown = refs.find((ref) => ref === undefined || !known.has(ref));
  if (unknown !== undefined || refs.includes(undefined))
    throw new ReleaseError(
      'TOOL_FAILED',
      `npm sbom does not know ${unknown ?? 'a dependency'}: run npm ci and npm run build`,
    );
  return refs.filter((ref) => ref !== undefined).sort();
}

/** These, and what they depend on in turn. */
function shipped(bom: Bom): ReadonlySet<string> {
  const dependsOn = new Map(bom.dependencies.map(({ ref, dependsOn: refs = [] }) => [ref, refs]));
  const found = new Set<string>();
  const pending = directly(bom);
  for (let ref = pending.pop(); ref !== undefined; ref = pending.pop()) {
    if (found.has(ref)) continue;
    found.add(ref);
    pending.push(...(dependsOn.get(ref) ?? []));
  }
  return found;
}

void release(sbom);
