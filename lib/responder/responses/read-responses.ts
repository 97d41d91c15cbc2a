import { FieldReader } from '../../program/fields';
import { checkMatch } from '../../rules/alerts/match';
import type { ResponseAction, ResponseSettings } from '../../settings/responder';
import { DEFAULT_COOLDOWN, readDuration, secondsOf } from '../duration';

/** A response after defaults. */
export interface CheckedResponse {
  /** Its name, or its place such as `responses[0]`; no two have the same. */
  readonly name: string;
  readonly match: string;
  readonly action: ResponseAction;
  readonly mode: NonNullable<ResponseSettings['mode']>;
  /** How long a quarantine holds; absent where somebody has to end it. */
  readonly ttlSeconds?: number;
  readonly onExpiry: NonNullable<ResponseSettings['onExpiry']>;
  /** How long further alerts of the same Pod are only counted. */
  readonly cooldownSeconds: number;
  readonly strip: boolean;
  readonly detach: boolean;
  readonly snapshot: boolean;
}

/** The responses of a configuration; an error names the field, what was expected, and the nearest right name. */
export function readResponses(fields: FieldReader): readonly CheckedResponse[] {
  if (!fields.has('responses')) return [];
  const responses = fields.list('responses', readResponse);
  const names = responses.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return responses;
  throw fields.wrong('responses', `two have the name ${JSON.stringify(twice)}; give each one of its own`);
}

function readResponse(value: unknown, path: string): CheckedResponse {
  const known = [
    ...(['name', 'match', 'action', 'mode', 'ttl', 'onExpiry', 'cooldown'] as const),
    ...(['strip', 'detach', 'snapshot'] as const),
  ];
  const fields = new FieldReader(value, path, known);
  const flag = (key: 'strip' | 'detach' | 'snapshot') => fields.has(key) && fields.boolean(key);
  return {
    name: fields.has('name') ? fields.text('name') : path,
    match: readMatch(fields),
    action: fields.oneOf('action', ['quarantine', 'label', 'evict', 'delete', 'notify'] as const),
    mode: fields.has('mode') ? fields.oneOf('mode', ['observe', 'approve', 'enforce'] as const) : 'observe',
    ...(fields.has('ttl') && { ttlSeconds: readDuration(fields, 'ttl') }),
    onExpiry: fields.has('onExpiry')
      ? fields.oneOf('onExpiry', ['release', 'hold', 'delete'] as const)
      : 'release',
    cooldownSeconds: fields.has('cooldown') ? readDuration(fields, 'cooldown') : secondsOf(DEFAULT_COOLDOWN),
    strip: flag('strip'),
    detach: flag('detach'),
    snapshot: flag('snapshot'),
  };
}

function readMatch(fields: FieldReader): string {
  const match = fields.text('match');
  const problem = checkMatch(match);
  if (problem !== undefined) throw fields.wrong('match', problem);
  return match;
}
