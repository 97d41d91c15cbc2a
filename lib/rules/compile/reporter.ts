import type { Range, Report } from '../read/node';

/** Reports what is wrong with conditions: each thing once, however often it is compiled. */
export class Reporter {
  private readonly told = new Set<string>();

  error(code: string, report: Report, range: Range, message: string, hint?: string): void {
    if (this.first(code, report, range)) report.error(code, range, message, hint);
  }

  warning(code: string, report: Report, range: Range, message: string, hint?: string): void {
    if (this.first(code, report, range)) report.warning(code, range, message, hint);
  }

  private first(code: string, report: Report, { start, end }: Range): boolean {
    const key = `${code} ${start} ${end} ${report.file}`;
    if (this.told.has(key)) return false;
    this.told.add(key);
    return true;
  }
}
