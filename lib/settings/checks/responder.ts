import { checkMatch } from '../../rules/alerts/match';
import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';

/** What is wrong with the responder's settings, each for itself: a tier that is named twice, a condition that can't be read. */
export function checkResponder({ responder, responses }: Settings): SettingsFinding[] {
  const { denyTiers } = responder.quarantine;
  return [
    ...denyTiers.flatMap((tier, index) =>
      denyTiers.indexOf(tier) < index
        ? [
            {
              path: ['responder', 'quarantine', 'denyTiers', index],
              message: `'${tier}' is in the list already; remove one`,
            },
          ]
        : [],
    ),
    ...responses.flatMap(({ match }, index) => {
      const message = checkMatch(match);
      return message === undefined ? [] : [{ path: ['responses', index, 'match'], message }];
    }),
  ];
}
