import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReleaseError } from './release-error';

/** Where the version stands, and how it is found there. package.json is where it is set. */
const PLACES: readonly (readonly [file: string, pattern: RegExp])[] = [
  ['package.json', /^ {2}"version": "(.*)"/gm],
  ['package-lock.json', /^ +"version": "(.*)"/gm],
  ['charts/falco-egress/Chart.yaml', /^(?:version|appVersion): "?([^"\s]*)"?$/gm],
  ['Dockerfile', /falco-egress:(\d\S*)|image\.version="(.*)"/gm],
  ['lib/settings/monitoring.ts', /blob\/v(\d[^/]*)\/docs\/runbooks/gm],
  ['docs/responder.md', /falco-egress:(\d\S*)/gm],
  ['docs/reference/versions.md', /falco-egress\/falco-egress:([^`]+)/gm],
  ['manifests/default/30-responder.yaml', /app\.kubernetes\.io\/version: "?([^"\s]*)"?$/gm],
];

/** Files of {@link PLACES} that people write, and no generator. */
const WRITTEN = ['Dockerfile', 'lib/settings/monitoring.ts', 'docs/responder.md'];

interface Place {
  readonly file: string;
  readonly version: string;
}

/** Every place in which the version stands, with what stands there. */
export function versionPlaces(root: string): readonly Place[] {
  return PLACES.flatMap(([file, pattern]) => {
    const text = head(file, readFileSync(join(root, file), 'utf8'));
    const found = [...text.matchAll(pattern)].map(([, one, other]) => ({
      file,
      version: one ?? other ?? '',
    }));
    if (found.length === 0) throw new ReleaseError('VERSIONS_DIFFER', `${file} names no version`);
    return found;
  });
}

/** In a lock file only the first two versions are ours. */
function head(file: string, text: string): string {
  return file === 'package-lock.json' ? text.slice(0, text.indexOf('"dependencies"')) : text;
}

/** The version that all places name. Throws where one of them names another. */
export function oneVersion(root: string): string {
  const [first, ...others] = versionPlaces(root);
  const other = others.find(({ version }) => version !== first?.version);
  if (first === undefined || other !== undefined)
    throw new ReleaseError(
      'VERSIONS_DIFFER',
      `package.json says ${first?.version ?? 'nothing'}, ${other?.file ?? 'nothing else'} says ${other?.version ?? 'nothing'}: run npm run release:bump`,
    );
  return first.version;
}

/** The files that people write, with another version. */
export function withVersion(root: string, version: string): Map<string, string> {
  return new Map(
    PLACES.filter(([file]) => WRITTEN.includes(file)).map(([file, pattern]) => {
      const text = readFileSync(join(root, file), 'utf8');
      const changed = text.replace(pattern, (match, one?: string, other?: string) =>
        match.replace(one ?? other ?? '', () => version),
      );
      return [join(root, file), changed];
    }),
  );
}
