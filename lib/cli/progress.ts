import { inert } from '../rules/evaluate/printable';

/** A terminal, or what stands for one. */
export interface ProgressTerminal {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

const PAUSE = 250;
const CLEAR_LINE = '\r\u001b[K';

/** How far a long command is, on a terminal alone: a share, and how long the rest may take. */
export class Progress {
  private readonly began: number;
  private told = 0;

  constructor(
    private readonly what: string,
    private readonly terminal: ProgressTerminal,
    private readonly now: () => number = Date.now,
  ) {
    this.began = now();
  }

  /** @param share from 0 to 1 */
  show(share: number): void {
    const now = this.now();
    if (this.terminal.isTTY !== true || now - this.told < PAUSE) return;
    this.told = now;
    const seconds = Math.ceil(((now - this.began) * (1 - share)) / share / 1000);
    const left = share > 0.02 ? `, about ${seconds} s left` : '';
    this.terminal.write(`${CLEAR_LINE}${this.what}: ${Math.floor(100 * share)} %${left}`);
  }

  /** Says why nothing goes on. */
  wait(why: string): void {
    if (this.terminal.isTTY !== true) return;
    this.told = this.now();
    this.terminal.write(`${CLEAR_LINE}${this.what}: ${inert(why)}`);
  }

  /** Leaves nothing behind. */
  end(): void {
    if (this.terminal.isTTY === true && this.told > 0) this.terminal.write(CLEAR_LINE);
  }
}
