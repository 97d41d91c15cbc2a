import { inertJson } from '../inert-json';
import { inert } from '../rules/evaluate/printable';

/** How the program ends: fine, findings, wrong use or failure. */
export type ExitCode = 0 | 1 | 2;

/** Where a command writes and reads. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Tells a person in lines, a machine in JSON, what went wrong; what we do not know is a bug, and keeps its stack. */
export function reportFailure(error: unknown, json: boolean, streams: Streams): ExitCode {
  const { code, message, findings, stack } = describe(error);
  if (json) {
    const told = findings === undefined || findings.length === 0 ? { code, message } : { code, findings };
    streams.out(`${inertJson({ error: told })}\n`);
  } else streams.error(`${(stack ?? message).split('\n').map(inert).join('\n')}\n`);
  return findings === undefined ? 2 : 1;
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly findings?: readonly unknown[];
  readonly stack?: string;
}

function describe(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Error) || !('code' in error)) {
    const stack = error instanceof Error ? error.stack : undefined;
    return { code: 'BUG', message, stack: `This is a bug of falco-egress: ${stack ?? message}` };
  }
  const findings =
    'findings' in error && Array.isArray(error.findings) ? (error.findings as unknown[]) : undefined;
  return { code: String(error.code), message, ...(findings && { findings }) };
}
