import type { Lint } from './lint';
import { fieldOf, valuesOf } from './reading';

/** A Pod's metadata comes some time after its first events. */
export const metadataMayBeLate: Lint = {
  code: 'metadata-may-be-late',
  comparison(check, { negated }) {
    const field = fieldOf(check);
    if (negated || field === undefined || !/^k8s(?:meta)?\.(?:ns|pod)\.(?:name|uid|id)$/.test(field.name))
      return undefined;
    const [value] = valuesOf(check);
    const asksForAny =
      check.kind === 'exists' ||
      (check.operator === '!=' && value !== undefined && ['', '<NA>'].includes(value.text));
    if (!asksForAny || field.name === 'k8s.ns.id') return undefined;
    return {
      span: check,
      message: `drops the first events of a Pod: ${field.name} has no value until the runtime has told Falco`,
      hint: 'write: container.id != host',
    };
  },
};
