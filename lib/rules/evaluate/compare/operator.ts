import type {
  BinaryOperator,
  ListOperator,
  Modifier,
  NumberOperator,
  TextOperator,
} from '../../language/operators';

/** An operator without its modifier. */
export type BaseOperator = NumberOperator | TextOperator | ListOperator;

/** An operator and what must hold of the list's items. */
export interface OperatorParts {
  readonly base: BaseOperator;
  readonly modifier: Modifier | undefined;
}

/** Takes `startswith oneof` apart. */
export function partsOf(operator: BinaryOperator): OperatorParts {
  const [base, modifier] = operator.split(' ') as [BaseOperator, Modifier | undefined];
  return { base, modifier };
}
