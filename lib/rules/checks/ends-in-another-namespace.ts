import { fieldsOf } from '../language/walk';
import type { Lint } from './lint';

const LOCAL_OR_REMOTE = /^fd\.[lr](?=ip|port|net|proto)/;

/** Falco tells local from remote by the addresses of its own network namespace, which is no Pod's. */
export const endsInAnotherNamespace: Lint = {
  code: 'ends-in-another-namespace',
  comparison(check) {
    const field = fieldsOf(check).find(({ name }) => LOCAL_OR_REMOTE.test(name));
    if (field === undefined) return undefined;
    const of = (end: string): string => field.name.replace(LOCAL_OR_REMOTE, `fd.${end}`);
    return {
      span: field,
      message: `in a Pod's network namespace ${field.name} is that of the other end`,
      hint: `use ${of('s')} (server) or ${of('c')} (client)`,
    };
  },
};
