import type { Condition, Loop, Scope } from './node';

/** What is around the place where constructs make something: conditions that hold, and ranges. */
export class Scopes {
  private readonly stack: Scope[] = [];

  /** From the outermost on. */
  all(): readonly Scope[] {
    return [...this.stack];
  }

  /** Makes something within one more. */
  within<T>(scope: Scope, make: () => T): T {
    this.stack.push(scope);
    try {
      return make();
    } finally {
      this.stack.pop();
    }
  }

  /** Whether a condition holds here whatever the values are. */
  hold(condition: Condition): boolean {
    const known = new Set(
      this.stack.flatMap((scope) => (scope.is === 'if' ? scope.condition.parts.map(({ code }) => code) : [])),
    );
    return condition.parts.every(({ code }) => known.has(code));
  }

  /** A new range, with variables that no range around it has. */
  loop(code: string, key: string, item: string): Loop {
    const depth = this.stack.filter((scope) => scope.is === 'each').length;
    const suffix = depth === 0 ? '' : String(depth + 1);
    return { code, key: `$${key}${suffix}`, item: `$${item}${suffix}` };
  }
}
