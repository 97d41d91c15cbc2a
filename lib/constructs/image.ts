import { each, either, given, named, when } from '../settings/decide';
import type { ImageName } from '../settings/images';
import type { Settings } from '../settings/settings';

/** Tags that follow the version of Falco where `images` names none. */
function tag(settings: Settings, image: ImageName): string {
  const { tag } = settings.images[image];
  if (image === 'falco')
    return either(
      given(tag),
      () => tag,
      () => settings.falco.version,
    );
  if (image === 'falcoShell')
    return either(
      given(tag),
      () => tag,
      () => `${settings.falco.version}-debian`,
    );
  return tag;
}

/** The full reference of an image: registry (the mirror's where one is set), repository, tag, and digest where one is set. */
export function imageReference(settings: Settings, image: ImageName): string {
  const { registry, repository, digest } = settings.images[image];
  const host = either(
    given(settings.images.registry),
    () => settings.images.registry,
    () => registry,
  );
  const pinned = either(
    given(digest),
    () => `@${digest}`,
    () => '',
  );
  return named(`image.${image}`, `${host}/${repository}:${tag(settings, image)}${pinned}`);
}

/** The fields of a container that name its image. */
export function image(settings: Settings, name: ImageName): { image: string; imagePullPolicy: string } {
  return { image: imageReference(settings, name), imagePullPolicy: settings.images.pullPolicy };
}

/** `imagePullSecrets` of a Pod. */
export function pullSecrets(settings: Settings): { name: string }[] | undefined {
  return when(given(settings.images.pullSecrets), () =>
    each(settings.images.pullSecrets, (name) => ({ name })),
  );
}
