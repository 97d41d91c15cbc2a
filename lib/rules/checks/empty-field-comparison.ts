import type { Comparison, FieldReference } from '../language/ast';
import { fieldsOfOperand } from '../language/walk';
import { excludesNothing } from './always-true';
import type { Fact } from './facts';
import type { Lint } from './lint';
import { fieldOf, isEquality, keyOf, valuesOf, written } from './reading';
import type { Surroundings } from './surroundings';

/** Metadata that comes late or not at all, ancestors that a process may not have, peers of refused connects. */
const MAY_BE_EMPTY =
  /^(?:k8s|k8smeta)\.|^container\.(?!id$|full_id$)|^proc\.a(?:name|exe|exepath|cmdline|pid)$|^fd\.[sc](?:ip|net|ip\.name)$|^fd\.[sc]port$/;

/** `f != x` is false where `f` has no value. */
export const emptyFieldComparison: Lint = {
  code: 'empty-field-comparison',
  comparison(check, { negated, beside, chain, ruleset }) {
    if (check.kind !== 'comparison' || check.operator !== '!=' || negated) return undefined;
    // What a transformer makes of no value is no value.
    const field = fieldsOfOperand(check.left).find(mayBeEmpty);
    if (field === undefined || isEmptyValue(valuesOf(check)[0]?.text)) return undefined;
    if (/^fd\.[sc](?:ip|net|port)/.test(field.name) && hasMadeAConnection(beside, check)) return undefined;
    // That one is true whatever the value is: `always-true` tells how to write it.
    if (chain !== undefined && excludesNothing(chain, ruleset.catalogue) !== undefined) return undefined;
    const keys = [keyOf(field), keyOf(check.left)];
    // Whoever asks for a value as well means it.
    const isWanted = beside
      .about(field.name, check)
      .some(
        ({ negated: denied, checks }) =>
          !denied &&
          checks.every(
            (other) =>
              keys.includes(keyOf(other.left)) &&
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

function mayBeEmpty({ name, argument }: FieldReference): boolean {
  return MAY_BE_EMPTY.test(name) && (argument !== undefined || !name.startsWith('proc.'));
}

/** The ends of a connection that was made, or goes on, have addresses. */
function hasMadeAConnection(beside: Surroundings, check: Comparison): boolean {
  return RESULTS.some((name) => beside.about(name, check).some(saysSo));
}

const RESULTS = ['evt.rawres', 'evt.rawarg.res', 'evt.res', 'evt.arg.res', 'evt.failed'];

function saysSo({ negated, checks }: Fact): boolean {
  return checks.every((check) => {
    const values = valuesOf(check).map(({ text }) => text);
    if (check.kind === 'exists' || values.length === 0) return false;
    if (fieldOf(check)?.name === 'evt.failed')
      return isEquality(check) && values.every((text) => text === (negated ? 'true' : 'false'));
    if (negated) return check.operator === '<' && values[0] === '0';
    if (isEquality(check)) return values.every((text) => GOES_ON.includes(text) || /^\d+$/.test(text));
    return check.operator === '>=' && values[0] === '0';
  });
}

/** Results of calls on sockets that have a peer; EINPROGRESS is 115. */
const GOES_ON = ['SUCCESS', 'EINPROGRESS', '-115'];

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
