import type { Finding } from '../../rules/finding';

/** So many warnings of one code in one file are printed for people. */
const MOST = 100;

/** What is printed of findings, and lines that tell of what isn't. */
export interface Shortened {
  readonly findings: readonly Finding[];
  readonly left: readonly string[];
}

/** Leaves out warnings of a code that a file has very many of. Errors are all kept. */
export function withoutRepeated(all: readonly Finding[]): Shortened {
  const counts = new Map<string, { readonly file: string; readonly code: string; count: number }>();
  const findings = all.filter(({ file, code, severity }) => {
    if (severity === 'error') return true;
    const key = `${code} ${file}`;
    const known = counts.get(key) ?? { file, code, count: 0 };
    counts.set(key, known);
    known.count++;
    return known.count <= MOST;
  });
  const left = [...counts.values()]
    .filter(({ count }) => count > MOST)
    .map(({ file, code, count }) => `${file}: ${count - MOST} more of ${code}; --json prints all`);
  return { findings, left };
}
