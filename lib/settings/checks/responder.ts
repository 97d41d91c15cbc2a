import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';

/** A tier that is named twice. */
export function checkResponder({ responder }: Settings): SettingsFinding[] {
  const { denyTiers } = responder.quarantine;
  return denyTiers.flatMap((tier, index) =>
    denyTiers.indexOf(tier) < index
      ? [
          {
            path: ['responder', 'quarantine', 'denyTiers', index],
            message: `'${tier}' is in the list already; remove one`,
          },
        ]
      : [],
  );
}
