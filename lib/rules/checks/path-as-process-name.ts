import type { Lint } from './lint';
import { fieldOf, isEquality, valuesOf } from './reading';

/** A name has no path, and a path isn't a name. */
export const pathAsProcessName: Lint = {
  code: 'path-as-process-name',
  comparison(check) {
    if (check.kind === 'exists' || (!isEquality(check) && check.operator !== '!=')) return undefined;
    const name = fieldOf(check)?.name ?? '';
    if (/^proc\.[pa]?name$/.test(name)) {
      const path = valuesOf(check).find(({ text }) => text.startsWith('/'));
      if (path === undefined) return undefined;
      return {
        span: path,
        message: `${name} is a name without its path`,
        hint: `write ${path.text.split('/').at(-1) ?? ''}, or compare ${name.replace('name', 'exepath')}`,
      };
    }
    if (!/^proc\.[pa]?exepath$/.test(name)) return undefined;
    const bare = valuesOf(check).find(({ text }) => /^[\w.-]+$/.test(text));
    if (bare === undefined) return undefined;
    return {
      span: bare,
      message: `${name} is a whole path`,
      hint: `write /usr/bin/${bare.text}, or compare ${name.replace('exepath', 'name')}`,
    };
  },
};
