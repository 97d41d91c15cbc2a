import type { Resolved } from '../settings/resolved';
import { all, is, some, when } from '../settings/decide';
import type { NamedSecretSettings } from '../settings/security';
import type { Settings } from '../settings/settings';
import type { WantedKey } from '../secrets-job/spec';
import { usesSidekickUi } from './endpoints';

/** A Secret that the stack needs, in `namespaces.services`, and the one key that it reads of it. */
export interface NeededSecret {
  readonly id: string;
  readonly secret: Resolved<NamedSecretSettings>;
  readonly key: WantedKey;
}

/** One made of each Secret that the enabled components need; docs/secrets.md. */
export function eachNeededSecret<T>(
  settings: Settings,
  make: (needed: NeededSecret) => T,
): (T | undefined)[] {
  const { responderToken, sidekickUi, sidekickUiStore, grafana } = settings.secrets;
  return [
    when(settings.responder.enabled, () =>
      make({ id: 'responder-token', secret: responderToken, key: { key: 'token', kind: 'token' } }),
    ),
    when(usesSidekickUi(settings), () =>
      make({
        id: 'sidekick-ui',
        secret: sidekickUi,
        key: { key: 'user', kind: 'user-password', user: 'admin' },
      }),
    ),
    when(usesSidekickUi(settings), () =>
      make({ id: 'sidekick-ui-store', secret: sidekickUiStore, key: { key: 'password', kind: 'password' } }),
    ),
    when(settings.grafana.enabled, () =>
      make({ id: 'grafana', secret: grafana, key: { key: 'password', kind: 'password' } }),
    ),
  ];
}

/** Whether a Job makes Secrets: where the settings say so, and one is needed at all. */
export function makesSecrets(settings: Settings): boolean {
  const { secrets, responder, grafana } = settings;
  return all(is(secrets.source, 'job'), some(responder.enabled, usesSidekickUi(settings), grafana.enabled));
}
