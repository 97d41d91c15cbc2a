import { operand, type Condition } from './node';

/** One side of a condition, while it is made. */
interface Side {
  code: string;
  strict: boolean;
  parts: Condition[];
  negation?: Condition;
}

function pair(code: string, strict: boolean, opposite: string, parts?: Condition[]): Condition {
  const yes: Side = { code, strict, parts: parts ?? [] };
  const no: Side = { code: opposite, strict: true, parts: [] };
  const condition = Object.assign(yes, { negation: no as Condition });
  const negation = Object.assign(no, { negation: condition });
  negation.parts.push(negation);
  if (parts === undefined) condition.parts.push(condition);
  return condition;
}

/** A condition that holds where the code gives something. */
export function truthy(code: string, strict: boolean): Condition {
  return pair(code, strict, `not ${operand(code)}`);
}

/** A comparison, and its opposite. */
export function comparison(code: string, opposite: string): Condition {
  return pair(code, true, opposite);
}

/** All of them. */
export function conjunction(conditions: readonly Condition[]): Condition {
  return compound('and', unique(conditions.flatMap((condition) => condition.parts)), true);
}

/** One of them. */
export function disjunction(conditions: readonly Condition[]): Condition {
  return compound('or', unique(conditions), false);
}

function compound(word: string, parts: Condition[], splits: boolean): Condition {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const code = `${word} ${parts.map((part) => operand(part.code)).join(' ')}`;
  const strict = parts.every((part) => part.strict);
  return pair(code, strict, `not ${operand(code)}`, splits ? parts : undefined);
}

function unique(conditions: readonly Condition[]): Condition[] {
  return [...new Map(conditions.map((condition) => [condition.code, condition])).values()];
}

/** A condition as a real truth value, for what takes nothing else. */
export function truthValue({ code, strict, negation }: Condition): string {
  return strict ? code : `not (${negation.code})`;
}
