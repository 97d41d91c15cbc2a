import type { Lint } from './lint';
import { fieldOf, keyOf, valuesOf, written } from './reading';

/** Metadata that comes late or not at all, ancestors that a process may not have, peers of refused connects. */
const MAY_BE_EMPTY =
  /^(?:k8s|k8smeta)\.|^container\.(?!id$|full_id$)|^proc\.a(?:name|exe|exepath|cmdline|pid)$|^fd\.[sc](?:ip|net|ip\.name)$|^fd\.sport$/;

/** `f != x` is false where `f` has no value. */
export const emptyFieldComparison: Lint = {
  code: 'empty-field-comparison',
  comparison(check, { negated, beside }) {
    const field = fieldOf(check);
    if (check.kind !== 'comparison' || check.operator !== '!=' || negated || field === undefined)
      return undefined;
    if (!MAY_BE_EMPTY.test(field.name) || isEmptyValue(valuesOf(check)[0]?.text)) return undefined;
    if (field.name.startsWith('proc.') && field.argument === undefined) return undefined;
    const key = keyOf(field);
    // Whoever asks for a value as well means it.
    const isWanted = beside
      .about(field.name, check)
      .some(
        ({ negated: denied, checks }) =>
          !denied &&
          checks.every(
            (other) =>
              keyOf(other.left) === key &&
              (other.kind === 'exists' || other.operator !== '!=' || isEmptyValue(valuesOf(other)[0]?.text)),
          ),
      );
    if (isWanted) return undefined;
    return {
      span: check,
      message: `false ${wherever(field.name)}`,
      hint: `write: not ${written({ ...check, operator: '=' })}`,
    };
  },
};

function isEmptyValue(text: string | undefined): boolean {
  return text === undefined || text === '' || text === '<NA>';
}

function wherever(name: string): string {
  const [, kind = '', part = ''] = /^k8s(?:meta)?\.(\w+)\.(\w+)$/.exec(name) ?? [];
  const what = { ns: 'namespace', pod: 'Pod', deployment: 'Deployment', svc: 'Service', rs: 'ReplicaSet' }[
    kind
  ];
  if (part === 'label' && what !== undefined) return `for every ${what} without the label`;
  return `where ${name} has no value`;
}
