import type { Event } from '../evaluate/event';
import type { RuleMatching } from '../evaluate/rules';
import type { LibraryPackage } from '../library/library-file';
import type { Priority } from '../priority';
import type { ScalarNode } from '../read/node';
import type { Range } from '../read/node';

/** A rule test file, read; what it names isn't read yet. */
export interface TestFile {
  readonly rules: readonly ScalarNode[];
  /** Packages of our own rules, loaded before the files. */
  readonly library: readonly LibraryPackage[];
  readonly stock: readonly ScalarNode[];
  readonly falco: string | undefined;
  readonly plugins: readonly string[] | undefined;
  readonly matching: RuleMatching;
  /** What each event holds unless it says otherwise. */
  readonly defaults: Event;
  readonly tests: readonly RuleTest[];
}

/** Events, and the alerts that they must raise. */
export interface RuleTest {
  readonly name: string;
  readonly at: Range;
  readonly given: readonly GivenEvents[];
  readonly expected: readonly ExpectedAlert[];
}

/** An event that stands in the test, or a file of them. */
export type GivenEvents =
  { readonly kind: 'event'; readonly event: Event } | { readonly kind: 'file'; readonly path: ScalarNode };

/** What an alert must be; whatever isn't said may be anything. */
export interface ExpectedAlert {
  readonly rule: ScalarNode;
  /** How many such alerts there must be. */
  readonly count: number;
  readonly priority: Priority | undefined;
  /** Among the fields that the output tells. */
  readonly fields: Event;
  readonly output: ExpectedOutput | undefined;
}

/** The whole output, or a regular expression that fits a part of it. */
export interface ExpectedOutput {
  /** As the test has it. */
  readonly text: string;
  readonly fits: (output: string) => boolean;
}
