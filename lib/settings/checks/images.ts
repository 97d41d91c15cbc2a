import { eachEntry, is, part, valueAt, when, withoutKeys } from '../decide';
import type { Findings, SettingsFinding } from '../finding';
import type { ImageName } from '../images';
import type { Settings } from '../settings';
import { REGISTRY, REPOSITORY_PATH, TAG } from './patterns';

/** Images whose tag follows `falco.version`. */
export const FOLLOW_FALCO: ReadonlySet<ImageName> = new Set(['falco', 'falcoShell']);

const REGISTRY_TEXT = new RegExp(REGISTRY);
const REPOSITORY_TEXT = new RegExp(REPOSITORY_PATH);
const TAG_TEXT = new RegExp(TAG);

/** Every image has a tag; a reference is put together of registry, repository, tag and digest. */
export function checkImages(settings: Settings): SettingsFinding[] {
  const { registry, pullPolicy: _policy, pullSecrets: _secrets, ...images } = settings.images;
  const findings: SettingsFinding[] = [];
  if (registry !== '' && !REGISTRY_TEXT.test(registry))
    findings.push({
      path: ['images', 'registry'],
      message: `'${registry}' is not a host of a registry; write it without a scheme and a slash at the end, such as 'mirror.example.org/hub'`,
    });
  for (const [name, { registry: host, repository, tag }] of Object.entries(images) as [
    ImageName,
    (typeof images)[ImageName],
  ][]) {
    if (!REGISTRY_TEXT.test(host))
      findings.push({
        path: ['images', name, 'registry'],
        message: `'${host}' is not a host of a registry; write it without a scheme and a slash at the end, such as 'mirror.example.org'`,
      });
    if (!REPOSITORY_TEXT.test(repository))
      findings.push({
        path: ['images', name, 'repository'],
        message: `'${repository}' is not the path of a repository; the tag goes into images.${name}.tag, the digest into images.${name}.digest`,
      });
    if (tag === '' && !FOLLOW_FALCO.has(name))
      findings.push({
        path: ['images', name, 'tag'],
        message: `an image needs a tag; set images.${name}.tag`,
      });
    else if (tag !== '' && !TAG_TEXT.test(tag))
      findings.push({
        path: ['images', name, 'tag'],
        message: `'${tag}' is not a tag: at most 128 letters, digits, '-', '_' and '.'; a digest goes into images.${name}.digest`,
      });
  }
  return findings;
}

/** A tag that names no version. */
export function checkLatest({ images }: Settings): Findings {
  return eachEntry(withoutKeys(images, ['registry', 'pullPolicy', 'pullSecrets']), (name) =>
    when(is(valueAt(part(images, name) as Readonly<Record<string, string>>, 'tag'), 'latest'), () => ({
      path: ['images', name, 'tag'],
      message: `'latest' means another image tomorrow; name a version`,
    })),
  );
}
