import { nearest } from '../../schema/nearest';
import type { Condition, MacroDefinition, MacroUse } from './ast';
import { ConditionError } from './condition-error';
import { MAX_DEPTH } from './level';
import { shorten } from './unexpected';

/**
 * Of how many nodes a condition may be with its macros in place: macros that use one another many times could make it
 * larger than any memory, as they do in Falco.
 */
const MAX_NODES = 1_000_000;

/**
 * The condition, each use of a macro with its definition. Definitions are resolved too, where they aren't yet, from the
 * same macros.
 *
 * @param macros the macros that may be used, by name: in Falco, those that stand before
 * @throws ConditionError `LOAD_ERR_VALIDATE` for a macro that isn't there, or that uses itself; and
 *   `LOAD_ERR_COMPILE_CONDITION` for a condition that grows beyond bounds
 */
export function resolveMacros(condition: Condition, macros: ReadonlyMap<string, MacroDefinition>): Condition {
  const resolved = new Resolver(macros).resolve(condition);
  checkSize(condition, resolved);
  return resolved;
}

class Resolver {
  readonly #done = new Map<MacroDefinition, MacroDefinition>();
  readonly #open = new Set<MacroDefinition>();
  #depth = 0;

  constructor(private readonly macros: ReadonlyMap<string, MacroDefinition>) {}

  /** The same node where there is nothing to do. */
  resolve(condition: Condition): Condition {
    if (this.#depth >= MAX_DEPTH) throw tooDeep(condition);
    this.#depth++;
    const resolved = this.#resolveParts(condition);
    this.#depth--;
    return resolved;
  }

  #resolveParts(condition: Condition): Condition {
    switch (condition.kind) {
      case 'comparison':
      case 'exists':
        return condition;
      case 'not': {
        const operand = this.resolve(condition.operand);
        return operand === condition.operand ? condition : { ...condition, operand };
      }
      case 'and':
      case 'or': {
        const operands = condition.operands.map((operand) => this.resolve(operand));
        const isSame = operands.every((operand, i) => operand === condition.operands[i]);
        return isSame ? condition : { ...condition, operands };
      }
      case 'macro':
        return this.#resolveUse(condition);
    }
  }

  #resolveUse(use: MacroUse): MacroUse {
    if (use.definition !== undefined) return use;
    const definition = this.macros.get(use.name);
    if (definition === undefined) throw undefinedMacro(use, this.macros);
    if (this.#open.has(definition)) {
      throw new ConditionError('LOAD_ERR_VALIDATE', `macro '${shorten(use.name)}' uses itself`, use);
    }
    return { ...use, definition: this.#resolveDefinition(definition) };
  }

  #resolveDefinition(definition: MacroDefinition): MacroDefinition {
    const done = this.#done.get(definition);
    if (done !== undefined) return done;
    this.#open.add(definition);
    const condition = this.resolve(definition.condition);
    this.#open.delete(definition);
    const resolved = condition === definition.condition ? definition : { ...definition, condition };
    this.#done.set(definition, resolved);
    return resolved;
  }
}

function undefinedMacro(use: MacroUse, macros: ReadonlyMap<string, MacroDefinition>): ConditionError {
  const name = shorten(use.name);
  const close = nearest(name, macros.keys());
  const hint = close === undefined ? 'a macro must stand before what uses it' : `did you mean '${close}'?`;
  return new ConditionError('LOAD_ERR_VALIDATE', `there is no macro '${name}'`, use, hint);
}

interface Size {
  readonly nodes: number;
  readonly depth: number;
}

/** The sizes of definitions that were measured: macros are shared by many rules. */
const sizes = new WeakMap<MacroDefinition, Size>();

function checkSize(condition: Condition, resolved: Condition): void {
  const { nodes, depth } = sizeOf(resolved);
  if (depth > MAX_DEPTH) throw tooDeep(condition);
  if (nodes <= MAX_NODES) return;
  const message = `the condition has more than ${MAX_NODES} parts, its macros in place`;
  throw new ConditionError('LOAD_ERR_COMPILE_CONDITION', message, condition);
}

function tooDeep(condition: Condition): ConditionError {
  const message = `the condition nests deeper than ${MAX_DEPTH} levels, its macros in place`;
  return new ConditionError('LOAD_ERR_COMPILE_CONDITION', message, condition);
}

function sizeOf(condition: Condition): Size {
  switch (condition.kind) {
    case 'comparison':
    case 'exists':
      return { nodes: 1, depth: 1 };
    case 'not':
      return within([sizeOf(condition.operand)]);
    case 'and':
    case 'or':
      return within(condition.operands.map(sizeOf));
    case 'macro':
      return condition.definition === undefined
        ? { nodes: 1, depth: 1 }
        : within([sizeOfMacro(condition.definition)]);
  }
}

function sizeOfMacro(definition: MacroDefinition): Size {
  let size = sizes.get(definition);
  if (size === undefined) {
    size = sizeOf(definition.condition);
    sizes.set(definition, size);
  }
  return size;
}

function within(parts: readonly Size[]): Size {
  let nodes = 1;
  let depth = 0;
  for (const part of parts) {
    nodes += part.nodes;
    depth = Math.max(depth, part.depth);
  }
  return { nodes, depth: depth + 1 };
}
