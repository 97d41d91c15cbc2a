import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { objectName } from '../names';
import { either, is, when } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { usesTls } from './endpoints';

/** A component that has a certificate. */
export type TlsComponent = 'falco' | 'sidekick' | 'responder' | 'metacollector' | 'collector';

/** Where the files of a component's TLS Secret are mounted: `tls.crt`, `tls.key` and `ca.crt`. */
export const TLS_DIRECTORY = '/etc/falco-egress/tls';

const TLS_VOLUME = 'tls';

/** Name of the Secret with a component's certificate, in the component's namespace. */
export function tlsSecretName(settings: Settings, component: TlsComponent): string {
  return either(
    is(settings.tls.issuer, 'existingSecrets'),
    () => settings.tls.existingSecrets[component],
    () => `${objectName(settings.name, component)}-tls`,
  );
}

/** The volume with a component's certificate, where TLS is on; readable by the Pod's group. */
export function tlsVolume(settings: Settings, component: TlsComponent): V1Volume | undefined {
  return when(usesTls(settings), () => ({
    name: TLS_VOLUME,
    secret: { secretName: tlsSecretName(settings, component), defaultMode: 0o440 },
  }));
}

/** The mount of that volume. */
export function tlsMount(settings: Settings): V1VolumeMount | undefined {
  return when(usesTls(settings), () => ({ name: TLS_VOLUME, mountPath: TLS_DIRECTORY, readOnly: true }));
}
