/** Falco's priorities, the most urgent first. */
export const PRIORITIES = [
  'EMERGENCY',
  'ALERT',
  'CRITICAL',
  'ERROR',
  'WARNING',
  'NOTICE',
  'INFO',
  'DEBUG',
] as const;

/** How urgent a rule's alerts are. */
export type Priority = (typeof PRIORITIES)[number];

/** The priority a rules file means: any case of letters, and `INFORMATIONAL` is `INFO`; `WARN` is none. */
export function parsePriority(text: string): Priority | undefined {
  const upper = text.toUpperCase();
  if (upper === 'INFORMATIONAL') return 'INFO';
  return PRIORITIES.find((priority) => priority === upper);
}

/** A priority as Falco's alerts and falcosidekick's have it: `Warning`, `Informational`. */
export function printedPriority(priority: Priority): string {
  return priority === 'INFO' ? 'Informational' : priority.charAt(0) + priority.slice(1).toLowerCase();
}
