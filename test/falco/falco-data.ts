import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The root of the repository. */
export const ROOT = resolve(__dirname, '../..');

/**
 * `test` where a file of Falco's own that is not ours to ship is there, else `test.skip` with the
 * reason in the name. The path is relative to the root of the repository.
 */
export function testWith(path: string, name: string, run: (text: string) => void): void {
  const file = resolve(ROOT, path);
  if (existsSync(file)) {
    test(name, () => {
      run(readFileSync(file, 'utf8'));
    });
  } else {
    test.skip(`${name} (skipped: there is no ${path})`, () => undefined);
  }
}
