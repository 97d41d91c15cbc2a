import type { Condition } from './ast';
import { ConditionError } from './condition-error';
import { Level } from './level';
import { parseCheck } from './parse-check';
import { Scanner, type Dialect } from './scanner';
import { expected, unexpectedAfterOperand, type Before } from './unexpected';

/**
 * How deep parentheses may nest. Falco means to stop at 100, but its guard counts nothing (libs,
 * userspace/libsinsp/filter/parser.cpp: the guard is gone before the descent), so that it goes on until its stack ends.
 */
const MAX_PARENTHESES = 5000;

/**
 * The tree of a condition. It accepts and refuses what the parser of Falco 0.44 does; fields, types and values are for
 * the check to look at. Lists must have been replaced before, as Falco does it.
 *
 * It takes time and memory in proportion to the text, and doesn't recurse: neither chains nor parentheses can exhaust the
 * stack.
 *
 * @throws ConditionError at the first mistake, `LOAD_ERR_COMPILE_CONDITION`
 */
export function parseCondition(text: string, dialect: Dialect = 'rules'): Condition {
  if (text === '') {
    const span = { start: 0, end: 0 };
    throw new ConditionError('LOAD_ERR_COMPILE_CONDITION', 'the condition is empty', span);
  }
  const scanner = new Scanner(text, dialect);
  let level = new Level();
  let depth = 0;
  const descend = (start: number, negated: boolean, wholeAlternative = false): void => {
    if (++depth > MAX_PARENTHESES) {
      throw expected(scanner, `at most ${MAX_PARENTHESES} parentheses within each other`);
    }
    level = level.descend({ start, negated, wholeAlternative });
  };

  for (;;) {
    scanner.skipBlanks();
    const start = scanner.position;
    let negated = false;
    while (scanner.skipNot()) negated = !negated;
    if (scanner.skip('not(')) {
      descend(start, !negated);
      continue;
    }
    if (scanner.skip('(')) {
      descend(start, negated);
      continue;
    }
    let check: Before['check'] = parseCheck(scanner);
    level.add(check, { start, negated, wholeAlternative: false }, scanner.position);

    for (;;) {
      scanner.skipBlanks();
      if (level.isInChain && scanner.skip('and')) {
        if (scanner.skipBlanks()) break;
        if (!scanner.skip('(')) throw expected(scanner, "a blank or '('");
        descend(scanner.position - 1, false);
        break;
      }
      if (scanner.skip('or')) {
        level.endChain();
        if (scanner.skipBlanks()) break;
        if (!scanner.skip('(')) throw expected(scanner, "a blank or '('");
        // Falco takes nothing but these parentheses for the alternative: no 'and' may follow.
        descend(scanner.position - 1, false, true);
        break;
      }
      const { outer } = level;
      if (outer === undefined) {
        if (scanner.done) return level.end().condition;
        throw unexpectedAfterOperand(scanner, { check, isInChain: level.isInChain, open: undefined });
      }
      if (!scanner.skip(')')) {
        throw unexpectedAfterOperand(scanner, { check, isInChain: level.isInChain, open: outer.place.start });
      }
      check = undefined;
      const group = level.end();
      level = outer.level;
      depth--;
      level.add(group.condition, outer.place, scanner.position, group.depth);
    }
  }
}
