import type { Node, Range, Report } from '../read/node';
import { nearest } from '../../schema/nearest';
import { LINTS } from './lints';

const CODES = LINTS.map(({ code }) => code);

const COMMENT = /(?:^|[ \t])(#[ \t]*falco-egress:[ \t]*([^\r\n]*))/gm;
const ALLOW = /^allow[ \t]+([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)(?:[ \t]+because\b.*)?$/;

/** A code that a comment allows, and where it does. */
interface Silencer {
  readonly code: string;
  readonly at: Range;
  readonly scope: Range;
  used: boolean;
}

/** What the comments of a file say not to warn of: `# falco-egress: allow CODE because …`. */
export class Silencers {
  private readonly silencers: Silencer[] = [];

  /** @param roots of the file's documents */
  constructor(
    text: string,
    private readonly report: Report,
    private readonly roots: readonly Node[],
  ) {
    if (!text.includes('falco-egress:')) return;
    const scalars = scalarsIn(roots);
    for (const match of text.matchAll(COMMENT)) {
      const [whole, comment = '', wish = ''] = match;
      const start = match.index + whole.length - comment.length;
      // Within a text it is no comment.
      if (scalars.some((scalar) => scalar.start <= start && start < scalar.end)) continue;
      this.read(wish.trimEnd(), { start, end: start + comment.trimEnd().length });
    }
  }

  /** Whether a comment allows it; the comment then has served. */
  silence(code: string, { start }: Range): boolean {
    let silenced = false;
    for (const silencer of this.silencers) {
      if (silencer.code !== code || start < silencer.scope.start || start >= silencer.scope.end) continue;
      silencer.used = true;
      silenced = true;
    }
    return silenced;
  }

  /** Warns of comments that allow what nobody complains of. */
  warnOfUnused(): void {
    for (const { code, at, used } of this.silencers) {
      if (!used) this.report.warning('unused-silencer', at, `nothing here is ${code}`, 'remove the comment');
    }
  }

  private read(wish: string, at: Range): void {
    const [, codes] = ALLOW.exec(wish) ?? [];
    if (codes === undefined) {
      this.report.warning(
        'invalid-silencer',
        at,
        'a comment for falco-egress that it does not understand',
        'write: # falco-egress: allow CODE because REASON',
      );
      return;
    }
    const scope = this.scopeOf(at);
    for (const code of codes.split(',').map((part) => part.trim())) {
      if (CODES.includes(code)) {
        this.silencers.push({ code, at, scope, used: false });
        continue;
      }
      const meant = nearest(code, CODES);
      const isFalcos = code.startsWith('LOAD_');
      this.report.warning(
        'unknown-lint',
        at,
        isFalcos ? `${code} is Falco's own: it can't be silenced` : `there is no lint '${code}'`,
        meant === undefined ? 'docs/lints.md has them all' : `did you mean '${meant}'?`,
      );
    }
  }

  /**
   * What a comment is about: the part of an item in whose line, or above which, it stands; the whole item if that
   * is its first line.
   */
  private scopeOf(at: Range): Range {
    const line = this.report.position(at.start).line;
    const isAlone = this.report.isFirstInLine(at.start);
    const items = this.roots.flatMap((root) => (root.type === 'sequence' ? root.items : []));
    const lineOf = (offset: number): number => this.report.position(offset).line;
    for (const item of items) {
      if (item.end <= at.start && lineOf(item.end) < line) continue;
      // Before an item, or in its first line.
      if (at.start < item.start || lineOf(item.start) === line)
        return isAlone || lineOf(item.start) === line ? item : NOWHERE;
      if (item.type !== 'mapping') return item;
      let part: Range = NOWHERE;
      for (const { key, value } of item.entries) {
        const whole = { start: key.start, end: Math.max(key.end, value.end) };
        if (lineOf(key.start) <= line) part = isAlone ? NOWHERE : whole;
        else if (isAlone && part === NOWHERE) return whole;
      }
      return part;
    }
    return NOWHERE;
  }
}

const NOWHERE: Range = { start: 0, end: 0 };

function scalarsIn(roots: readonly Node[]): Range[] {
  const scalars: Range[] = [];
  const open = [...roots];
  // Nodes are shared where the file has aliases.
  const seen = new Set<Node>();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.type === 'scalar') scalars.push(node);
    else if (node.type === 'sequence') for (const item of node.items) open.push(item);
    else if (node.type === 'mapping') for (const { key, value } of node.entries) open.push(key, value);
  }
  return scalars;
}
