import type {
  Comparison,
  Condition,
  Exists,
  FieldReference,
  MacroUse,
  Operand,
  TransformerArgument,
} from './ast';

/**
 * The nodes of a condition, each before what it is made of, in the order of the text.
 *
 * @param intoMacros whether to go on into what macros stand for, where they are resolved
 */
function* nodesOf(condition: Condition, intoMacros: boolean): Generator<Condition, undefined> {
  const waiting = [condition];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    if (node.kind === 'and' || node.kind === 'or') {
      for (let i = node.operands.length - 1; i >= 0; i--) {
        const operand = node.operands[i];
        if (operand !== undefined) waiting.push(operand);
      }
    } else if (node.kind === 'not') {
      waiting.push(node.operand);
    } else if (intoMacros && node.kind === 'macro' && node.definition !== undefined) {
      waiting.push(node.definition.condition);
    }
  }
  return undefined;
}

/** The comparisons and `exists` of a condition, those of the macros it uses among them. */
export function comparisonsOf(condition: Condition): (Comparison | Exists)[] {
  const checks: (Comparison | Exists)[] = [];
  for (const node of nodesOf(condition, true)) {
    if (node.kind === 'comparison' || node.kind === 'exists') checks.push(node);
  }
  return checks;
}

/** The macros that a condition's own text uses, each as often as it stands there. */
export function macroUses(condition: Condition): MacroUse[] {
  const uses: MacroUse[] = [];
  for (const node of nodesOf(condition, false)) {
    if (node.kind === 'macro') uses.push(node);
  }
  return uses;
}

/** The fields that a condition asks for, on either side, those of the macros it uses among them. */
export function fieldsOf(condition: Condition): FieldReference[] {
  return comparisonsOf(condition).flatMap((check) => {
    const left = fieldsOfOperand(check.left);
    if (check.kind === 'exists' || check.right.kind !== 'transformer') return left;
    return [...left, ...fieldsOfOperand(check.right)];
  });
}

/** The fields within an operand. */
export function fieldsOfOperand(operand: Operand): FieldReference[] {
  return operand.kind === 'field' ? [operand] : operand.arguments.flatMap(fieldsOfArgument);
}

function fieldsOfArgument(argument: TransformerArgument): FieldReference[] {
  switch (argument.kind) {
    case 'field':
    case 'transformer':
      return fieldsOfOperand(argument);
    case 'arguments':
      return argument.items.flatMap(fieldsOfArgument);
    case 'value':
      return [];
  }
}
