import type { Comparison, Condition } from '../language/ast';
import type { FieldCatalogue } from './field';

/** Events as Falco tells them apart: by name, but for system calls that are one generic event to it. */
type Units = ReadonlySet<string>;

/** Stands for all system calls without an event of their own. */
const GENERIC = '(generic)';
/** Stands for events that no catalogue lists: those of older versions, and of Falco itself. */
const UNLISTED = '(unlisted)';

/** How many kinds of events a rule may bind to before Falco warns that it is slow (falco, `rule_loader_compiler.cpp`). */
const MOST_CODES = 100;

/** The events that a condition may be true for, from what it asks of `evt.type` and `syscall.type`. */
export interface EventTypes {
  /** Their names; `all` where it asks nothing of them. */
  readonly names: ReadonlySet<string> | 'all';
  /** Whether Falco would warn of a rule with the condition: `LOAD_NO_EVTTYPE`. It also does for one that no event meets. */
  readonly tooMany: boolean;
}

/**
 * The events that a condition may be true for, as Falco finds them (libs, `filter/ppm_codes.cpp`). Macros must be resolved.
 * All that is not about the event's name leaves every event.
 */
export function eventTypesOf(condition: Condition, catalogue: FieldCatalogue): EventTypes {
  const binding = new Binding(catalogue);
  const units = binding.unitsOf(condition);
  const names =
    units.size === binding.all.size ? 'all' : new Set([...units].flatMap((unit) => binding.namesOf(unit)));
  return { names, tooMany: isTooMany(units) };
}

function isTooMany(units: Units): boolean {
  if (units.size === 0 || units.has(UNLISTED)) return true;
  let codes = 0;
  for (const unit of units) codes += CODES.get(unit) ?? 2;
  return codes > MOST_CODES;
}

/** Events with other than two codes: one without an end, or several versions of one call. */
const CODES: ReadonlyMap<string, number> = new Map([
  ['execve', 16],
  ['clone', 8],
  ['container', 6],
  ['fork', 6],
  ['vfork', 6],
  ['accept4', 6],
  ['accept', 4],
  ['openat', 4],
  ['brk', 4],
  ['link', 4],
  ['linkat', 4],
  ['unlink', 4],
  ['unlinkat', 4],
  ['mkdir', 4],
  ['rmdir', 4],
  ['switch', 4],
  ['pluginevent', 1],
  ['asyncevent', 1],
  ['signaldeliver', 1],
]);

/** A part of a condition, and whether an odd number of `not` stands before it. */
interface Part {
  readonly condition: Condition;
  readonly negated: boolean;
}

interface Task extends Part {
  readonly partsFound: boolean;
}

function partsOf(condition: Condition, negated: boolean): Task[] {
  const task = (part: Condition, flips = false): Task => ({
    condition: part,
    negated: flips !== negated,
    partsFound: false,
  });
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.operands.map((operand) => task(operand));
    case 'not':
      return [task(condition.operand, true)];
    case 'macro':
      return condition.definition === undefined ? [] : [task(condition.definition.condition)];
    default:
      return [];
  }
}

class Binding {
  readonly all: Units;
  private readonly generic: ReadonlySet<string>;
  private readonly positive = new Map<Condition, Units>();
  private readonly negative = new Map<Condition, Units>();

  constructor(private readonly catalogue: FieldCatalogue) {
    this.generic =
      'genericEventTypes' in catalogue ? (catalogue.genericEventTypes as ReadonlySet<string>) : new Set();
    const all = new Set<string>([UNLISTED]);
    for (const name of catalogue.eventTypes) {
      const unit = this.unitOf(name);
      if (unit !== undefined) all.add(unit);
    }
    this.all = all;
  }

  namesOf(unit: string): readonly string[] {
    if (unit === GENERIC) return [...this.generic].filter((name) => !OTHER_NAMES.has(name));
    return unit === UNLISTED ? [] : [unit];
  }

  unitOf(name: string): string | undefined {
    if (this.generic.has(name)) return GENERIC;
    return this.catalogue.eventTypes.has(name) && !NAMELESS.has(name) ? name : undefined;
  }

  /** Finds the parts first, with a stack of its own: conditions may nest deeper than functions can. */
  unitsOf(condition: Condition): Units {
    const open: Task[] = [{ condition, negated: false, partsFound: false }];
    for (let task = open.pop(); task !== undefined; task = open.pop()) {
      if (this.found(task) !== undefined) continue;
      const parts = partsOf(task.condition, task.negated);
      if (parts.length > 0 && !task.partsFound) {
        open.push({ ...task, partsFound: true });
        for (const part of parts) open.push(part);
        continue;
      }
      (task.negated ? this.negative : this.positive).set(task.condition, this.find(task, parts));
    }
    return this.positive.get(condition) ?? this.all;
  }

  private found({ condition, negated }: Part): Units | undefined {
    return (negated ? this.negative : this.positive).get(condition);
  }

  private find({ condition, negated }: Part, parts: readonly Part[]): Units {
    if (condition.kind === 'exists') return negated && isEventType(condition.left) ? new Set() : this.all;
    if (condition.kind === 'comparison') return this.ofComparison(condition, negated);
    const sets = parts.map((part) => this.found(part) ?? this.all);
    // By De Morgan: what is negated trades 'and' for 'or'.
    if (condition.kind === 'and' || condition.kind === 'or') {
      return (condition.kind === 'and') === negated ? union(sets) : this.intersection(sets);
    }
    return sets[0] ?? this.all;
  }

  private ofComparison({ left, operator, right }: Comparison, negated: boolean): Units {
    if (!isEventType(left) || right.kind === 'transformer') return this.all;
    if (operator !== '=' && operator !== '==' && operator !== '!=' && operator !== 'in') return this.all;
    const names = right.kind === 'value' ? [right] : right.items;
    const units = new Set<string>();
    for (const { text } of names) {
      const unit = this.unitOf(text);
      if (unit !== undefined) units.add(unit);
    }
    return negated === (operator === '!=')
      ? units
      : new Set([...this.all].filter((unit) => !units.has(unit)));
  }

  private intersection(sets: readonly Units[]): Units {
    const bound = sets.filter((units) => units !== this.all);
    const [first, ...others] = bound;
    if (first === undefined) return this.all;
    return new Set([...first].filter((unit) => others.every((units) => units.has(unit))));
  }
}

/** Names that `evt.type` may be compared with, but that are no event's: the generic one's, and those of plugins. */
const NAMELESS = new Set(['syscall', 'container_added', 'container_removed']);
/** The generic event's number zero: no call. */
const OTHER_NAMES = new Set(['unknown']);

function isEventType(left: Comparison['left']): boolean {
  return (
    left.kind === 'field' &&
    (left.name === 'evt.type' || left.name === 'syscall.type') &&
    left.argument === undefined
  );
}

function union(sets: readonly Units[]): Units {
  const all = new Set<string>();
  // Most parts say nothing of the event, and share one set.
  for (const units of new Set(sets)) for (const unit of units) all.add(unit);
  return all;
}
