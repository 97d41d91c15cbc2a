import type { Condition, MacroDefinition, MacroUse } from './ast';
import { ConditionError } from './condition-error';
import { MAX_DEPTH } from './level';

/**
 * Of how many nodes a condition may be with its macros in place: macros that use one another many times could make it
 * larger than any memory, as they do in Falco.
 */
const MAX_NODES = 1_000_000;

/**
 * The condition, each use of a macro with its definition.
 *
 * @param definitionOf what a use stands for, itself resolved; `undefined` if that isn't known, which leaves the use as it is
 * @throws ConditionError `LOAD_ERR_COMPILE_CONDITION` for a condition that grows beyond bounds; and what `definitionOf` throws
 */
export function resolveMacros(
  condition: Condition,
  definitionOf: (use: MacroUse) => MacroDefinition | undefined,
): Condition {
  const resolved = resolve(condition, definitionOf);
  checkSize(condition, resolved);
  return resolved;
}

/** The same node where there is nothing to do. */
function resolve(
  condition: Condition,
  definitionOf: (use: MacroUse) => MacroDefinition | undefined,
): Condition {
  switch (condition.kind) {
    case 'comparison':
    case 'exists':
      return condition;
    case 'not': {
      const operand = resolve(condition.operand, definitionOf);
      return operand === condition.operand ? condition : { ...condition, operand };
    }
    case 'and':
    case 'or': {
      const operands = condition.operands.map((operand) => resolve(operand, definitionOf));
      const isSame = operands.every((operand, i) => operand === condition.operands[i]);
      return isSame ? condition : { ...condition, operands };
    }
    case 'macro': {
      const definition = definitionOf(condition);
      return definition === undefined ? condition : { ...condition, definition };
    }
  }
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
