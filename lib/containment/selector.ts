import type { LabelRequirement, Labels, LabelSelector } from './objects';

/** A selector that no API server would have stored. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError';
  readonly code = 'INVALID_SELECTOR';
}

/**
 * Whether the selector selects an object with these labels. `NotIn` and `DoesNotExist` hold where the key is absent
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#set-based-requirement).
 *
 * @throws SelectorError where an operator is none of the four
 */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => own(labels, key) === value) &&
    (selector.matchExpressions ?? []).every((requirement) => holds(requirement, labels))
  );
}

function holds({ key, operator, values = [] }: LabelRequirement, labels: Labels): boolean {
  const value = own(labels, key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      throw new SelectorError(
        `operator '${operator}' of label '${key}' is none of In, NotIn, Exists, DoesNotExist`,
      );
  }
}

/** A label may be called like a member of every object. */
function own(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** Keys without which the selector selects nothing: an object that loses one of them is no longer selected. */
export function requiredKeys({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string[] {
  const positive = matchExpressions.filter(({ operator }) => operator === 'In' || operator === 'Exists');
  return [...new Set([...Object.keys(matchLabels), ...positive.map(({ key }) => key)])];
}

/** A selector as kubectl prints it: `app=web,tier notin (db)`; `{}` for the one that selects everything. */
export function printSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const parts = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(printRequirement),
  ];
  return parts.length === 0 ? '{}' : parts.join(',');
}

function printRequirement({ key, operator, values = [] }: LabelRequirement): string {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}
