import { isJsonObject } from '../../rules/recorded/json-value';
import { LokiError } from './loki-error';

/**
 * What stands in an answer of Loki's, of one kind.
 *
 * @throws LokiError for what is no such answer
 */
export function resultOf(
  body: string,
  name: string,
  kind: 'streams' | 'matrix',
): readonly Readonly<Record<string, unknown>>[] {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    // The beginning of an answer whose end was lost on the way.
    throw noLoki(name, body.startsWith('{"status"'));
  }
  const data = isJsonObject(answer) && answer['status'] === 'success' ? answer['data'] : undefined;
  const result = isJsonObject(data) && data['resultType'] === kind ? data['result'] : undefined;
  if (!Array.isArray(result) || !result.every(isJsonObject)) throw noLoki(name);
  return result;
}

/** The texts of an object; none of what is no object. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isJsonObject(value)) return {};
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

/** @param isBegin whether it begins as an answer of a Loki's does */
export function noLoki(name: string, isBegin = false): LokiError {
  return isBegin
    ? new LokiError('LOKI_SLOW', `${name}: the end of its answer is missing`, true)
    : new LokiError('LOKI_NO_LOKI', `what answers at ${name} is no Loki`);
}
