import type { ResponseSettings } from '../../settings/responder';
import { DEFAULT_COOLDOWN, secondsOf } from '../duration';
import type { ResponseFinding } from './check-responses';

/** What may be meant, but hardly is: after its release a Pod offends again, and is only counted. */
export function checkCooldowns(
  responses: readonly Pick<ResponseSettings, 'ttl' | 'onExpiry' | 'cooldown'>[],
): readonly ResponseFinding[] {
  return responses.flatMap(({ ttl, onExpiry = 'release', cooldown = DEFAULT_COOLDOWN }, index) => {
    if (ttl === undefined || onExpiry !== 'release' || secondsOf(ttl) >= secondsOf(cooldown)) return [];
    const message = `a Pod is released after ${ttl}, and until its cooldown of ${cooldown} is over its alerts are only counted; set cooldown to '${ttl}' or less, or a longer ttl`;
    return [{ path: ['responses', index, 'ttl'], message }];
  });
}
