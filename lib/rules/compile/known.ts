import type { Priority } from '../priority';
import type { Range, Report } from '../read/node';
import type { ConditionText } from './condition-text';
import type { ExceptionList } from './exception-list';

/** Where a name was last defined; `undefined` for what only the index of stock names knows. */
interface NamePlace {
  readonly report: Report;
  readonly range: Range;
}

interface Known {
  readonly name: string;
  /** When the name first came up: only what comes up later can use it. */
  readonly index: number;
  /** When it was last defined or changed: it can use what came up before that. */
  readonly visibility: number;
  readonly place: NamePlace | undefined;
  /** Whether an item that defines it is broken: then it is no part of what is loaded. */
  readonly broken: boolean;
  /** Whether an item that changes it is broken, so that nothing can be said of what it holds. */
  readonly unclear: boolean;
}

/** A list, as the items read so far make it. */
export interface KnownList extends Known {
  /** `undefined` if only its name is known, or the beginning of its items is not. */
  readonly items: readonly string[] | undefined;
}

/** A macro, as the items read so far make it. */
export interface KnownMacro extends Known {
  /** `undefined` if only its name is known. */
  readonly condition: ConditionText | undefined;
  /** What is known of a condition whose beginning isn't: texts appended to a stock macro. */
  readonly appended: ConditionText | undefined;
}

/** A rule, as the items read so far make it. */
export interface KnownRule extends Known {
  readonly condition: ConditionText | undefined;
  readonly appended: ConditionText | undefined;
  /** `undefined` if the beginning of it is not known. */
  readonly output: ConditionText | undefined;
  readonly source: string;
  readonly priority: Priority | undefined;
  readonly tags: readonly string[];
  readonly enabled: boolean;
  /** `undefined` if there are none. */
  readonly exceptions: ExceptionList | undefined;
  readonly warnEvttypes: boolean;
  readonly skipIfUnknownFilter: boolean;
}
