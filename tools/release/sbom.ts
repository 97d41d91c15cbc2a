import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import packageJson from '../../package.json';
import { releaseArguments } from './arguments';
import { release, ReleaseError } from './release-error';
import { run } from './run';

const ROOT = resolve(__dirname, '../..');

const USAGE = 'npm run --silent release:sbom -- package|image';

/** Lists of what the bundles hold, as tools/bundle.mjs writes them. */
const PROGRAM = 'dist/program/THIRD-PARTY-NOTICES.txt';
const BUNDLED = ['dist/THIRD-PARTY-NOTICES.txt', PROGRAM];

interface Component {
  readonly name?: string;
  readonly 'bom-ref': string;
  readonly properties?: readonly { readonly name: string }[];
}

/** What is read and changed of a bill of materials in CycloneDX' JSON. */
interface Bom {
  readonly metadata: { readonly timestamp?: string; readonly component: Component };
  readonly serialNumber?: string;
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  readonly compositions?: readonly object[];
}

/**
 * `npm run --silent release:sbom -- package|image`: what is in the package and what npm installs with it, or what is in the
 * image, as CycloneDX. It has no time and no number of its own: the same tree gives the same bytes.
 */
function sbom(): void {
  const [subject, ...more] = releaseArguments({}, USAGE).positionals;
  if ((subject !== 'package' && subject !== 'image') || more.length > 0)
    throw new ReleaseError('USAGE', USAGE);
  const known = npmBom();
  console.log(JSON.stringify(subject === 'package' ? ofPackage(known) : ofImage(known), null, 2));
}

/** All that the lock file names. */
function npmBom(): Bom {
  const said = run(
    'npm',
    ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--loglevel', 'silent'],
    ROOT,
  );
  const bom = JSON.parse(said) as Bom;
  const { timestamp: _timestamp, ...metadata } = bom.metadata;
  const { serialNumber: _serialNumber, ...rest } = bom;
  // npm calls it by the name of the folder.
  return { ...rest, metadata: { ...metadata, component: { ...metadata.component, name: packageJson.name } } };
}

/**
 * `npm sbom` knows the packages, but not which of them only the developers of this repository need: with `--omit dev` it
 * leaves out what they need as well.
 */
function ofPackage(bom: Bom): Bom {
  const self = bom.metadata.component['bom-ref'];
  const asked = Object.keys({ ...packageJson.dependencies, ...packageJson.peerDependencies }).map(
    (name) =>
      bom.dependencies
        .find(({ ref }) => ref === self)
        ?.dependsOn?.find((ref) => ref.startsWith(`${name}@`)) ?? name,
  );
  const inside = knownTo(bom, [...asked, ...BUNDLED.flatMap(bundledIn)]);
  return restrict(bom, inside, shipped(bom, inside));
}

/**
 * The image is the Dockerfile's base with one bundle on it. What npm would install with the package is not in it, and what
 * the base holds is not told here: the bill says so (`compositions`).
 */
function ofImage(bom: Bom): Bom {
  const inside = knownTo(bom, bundledIn(PROGRAM));
  const program = restrict(bom, inside, new Set(inside));
  const base = baseImage();
  const image = `${packageJson.name}-image@${packageJson.version}`;
  const { metadata, components, dependencies } = program;
  const self = metadata.component['bom-ref'];
  return {
    ...program,
    metadata: {
      ...metadata,
      component: {
        'bom-ref': image,
        type: 'container',
        name: packageJson.name,
        version: packageJson.version,
        licenses: [{ license: { id: packageJson.license } }],
      } as Component,
    },
    components: [
      base,
      ...components.map(({ properties = [], ...component }) => ({
        ...component,
        // True of this repository, and not of the image.
        properties: properties.filter(({ name }) => name !== 'cdx:npm:package:development'),
      })),
    ],
    dependencies: [
      ...dependencies.map((entry) =>
        entry.ref === self ? { ref: image, dependsOn: [base['bom-ref'], ...inside] } : entry,
      ),
      { ref: base['bom-ref'], dependsOn: [] },
    ],
    compositions: [
      { aggregate: 'incomplete', assemblies: [image] },
      { aggregate: 'unknown', assemblies: [base['bom-ref']] },
    ],
  };
}

/** The image that the Dockerfile begins with, as a component whose parts are not told. */
function baseImage() {
  const [, path, tag] =
    /^FROM docker\.io\/(\S+):(\S+)$/m.exec(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')) ?? [];
  if (path === undefined || tag === undefined)
    throw new ReleaseError(
      'TOOL_FAILED',
      'the Dockerfile does not say on which image of docker.io it builds',
    );
  const purl = `pkg:docker/${path}@${tag}`;
  return { 'bom-ref': purl, type: 'container', name: `docker.io/${path}`, version: tag, purl };
}

/** Packages in a bundle. */
function bundledIn(file: string): string[] {
  return [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^-{80}\n(\S+) (\S+) \(/gm)].map(
    ([, name = '', version = '']) => `${name}@${version}`,
  );
}

/** Each of them once, in order. Throws where npm does not know one. */
function knownTo(bom: Bom, refs: readonly string[]): string[] {
  const known = new Set(bom.components.map((component) => component['bom-ref']));
  const unknown = refs.find((ref) => !known.has(ref));
  if (unknown !== undefined)
    throw new ReleaseError('TOOL_FAILED', `npm sbom does not know ${unknown}: run npm ci and npm run build`);
  return [...new Set(refs)].sort();
}

/** The bill of these components alone; the subject depends on those inside it. */
function restrict(bom: Bom, inside: readonly string[], wanted: ReadonlySet<string>): Bom {
  const self = bom.metadata.component['bom-ref'];
  return {
    ...bom,
    components: bom.components.filter((component) => wanted.has(component['bom-ref'])),
    dependencies: bom.dependencies
      .filter(({ ref }) => ref === self || wanted.has(ref))
      .map(({ ref, dependsOn = [] }) => ({
        ref,
        dependsOn: ref === self ? inside : dependsOn.filter((other) => wanted.has(other)),
      })),
  };
}

/** These, and what they depend on in turn. */
function shipped(bom: Bom, inside: readonly string[]): ReadonlySet<string> {
  const dependsOn = new Map(bom.dependencies.map(({ ref, dependsOn: refs = [] }) => [ref, refs]));
  const found = new Set<string>();
  const pending = [...inside];
  for (let ref = pending.pop(); ref !== undefined; ref = pending.pop()) {
    if (found.has(ref)) continue;
    found.add(ref);
    pending.push(...(dependsOn.get(ref) ?? []));
  }
  return found;
}

void release(sbom);
