import {
  QUARANTINE_APPROVAL_ANNOTATION,
  QUARANTINE_APPROVED_RESPONSES_ANNOTATION,
  QUARANTINE_DISMISSAL_ANNOTATION,
  QUARANTINE_DISMISSED_RESPONSES_ANNOTATION,
} from '../../names';
import type { Change } from './json-patch';
import type { Pod } from './pod';

/** A person's word on what waits on a Pod. */
export type Answer = 'approve' | 'dismiss';

/** Where a person writes it: the name, and beside it what it is about. */
const KEYS = {
  approve: { by: QUARANTINE_APPROVAL_ANNOTATION, responses: QUARANTINE_APPROVED_RESPONSES_ANNOTATION },
  dismiss: { by: QUARANTINE_DISMISSAL_ANNOTATION, responses: QUARANTINE_DISMISSED_RESPONSES_ANNOTATION },
} as const;

/** All annotations by which people answer. */
export const ANSWER_ANNOTATIONS: readonly string[] = Object.values(KEYS).flatMap(({ by, responses }) => [
  by,
  responses,
]);

/** Who has agreed to what waits on a Pod. */
export function approvalOf(pod: Pod): string | undefined {
  return whoAnswered(pod, 'approve');
}

/** Who has refused what waits on a Pod; the responder is about to take it away. */
export function dismissalOf(pod: Pod): string | undefined {
  return whoAnswered(pod, 'dismiss');
}

function whoAnswered({ metadata }: Pod, answer: Answer): string | undefined {
  return metadata?.annotations?.[KEYS[answer].by];
}

/** The responses that an answer names; `undefined` where it names none. */
export function answeredResponses({ metadata }: Pod, answer: Answer): readonly string[] | undefined {
  const text = metadata?.annotations?.[KEYS[answer].responses];
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value.map(String);
  } catch {
    // Names by commas, as a person writes them.
  }
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** What to change so that somebody answers some of what waits, by the names of its responses, and nothing else. */
export function answering(answer: Answer, by: string, responses: readonly string[]): readonly Change[] {
  const keys = KEYS[answer];
  return [
    { map: 'annotations', key: keys.by, value: by },
    { map: 'annotations', key: keys.responses, value: JSON.stringify(responses) },
  ];
}

/** What to change so that nobody has answered, or so that what has been answered stands on the Pod itself. */
export function unanswered(answer: Answer, keep?: 'by'): readonly Change[] {
  const keys = keep === 'by' ? [KEYS[answer].responses] : Object.values(KEYS[answer]);
  return keys.map((key): Change => ({ map: 'annotations', key, value: undefined }));
}
