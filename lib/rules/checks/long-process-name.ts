import type { Lint } from './lint';
import { fieldOf, valuesOf } from './reading';

/** The kernel keeps 15 bytes of a process's name. */
const LONGEST_NAME = 15;

/** A longer name matches nothing. */
export const longProcessName: Lint = {
  code: 'long-process-name',
  comparison(check) {
    if (check.kind === 'exists' || !/^proc\.[pa]?name$/.test(fieldOf(check)?.name ?? '')) return undefined;
    if (!/^(?:[=!]|in$|startswith|endswith|contains)/.test(check.operator)) return undefined;
    const value = valuesOf(check).find(({ text }) => Buffer.byteLength(text) > LONGEST_NAME);
    if (value === undefined) return undefined;
    const cut = Buffer.from(value.text).subarray(0, LONGEST_NAME).toString();
    return {
      span: value,
      message: `no process has this name: the kernel keeps ${LONGEST_NAME} bytes of it`,
      hint: `write ${cut}, or compare proc.exepath`,
    };
  },
};
