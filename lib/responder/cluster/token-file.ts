import { readFileSync, statSync } from 'node:fs';
import type { Clock } from '../clock';

/** How long it is taken as it is without a look at the file. */
const FRESH_FOR = 1_000;

/** The token of a file that is renewed on disk: that of a ServiceAccount lives an hour. */
export class TokenFile {
  private token = '';
  private version = '';
  private lookedAt = -Infinity;

  constructor(
    private readonly file: string,
    private readonly clock: Clock,
  ) {}

  /** The token as the file has it, or had it a second ago. */
  read(): string {
    if (this.clock.now() - this.lookedAt >= FRESH_FOR) this.look();
    return this.token;
  }

  private look(): void {
    this.lookedAt = this.clock.now();
    try {
      const { mtimeMs, ino, size } = statSync(this.file);
      const version = `${mtimeMs} ${ino} ${size}`;
      if (version === this.version) return;
      const token = readFileSync(this.file, 'utf8').trim();
      if (token === '') return;
      this.token = token;
      this.version = version;
    } catch {
      // It is being replaced: the token that was right stays right for a while.
    }
  }
}
