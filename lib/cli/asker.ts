import { hostname, userInfo } from 'node:os';
import { printTime, timeOf } from '../history/time';
import { VERSION } from '../version';

/** Who asks, when, where, and with which version of what: an answer says so. */
export interface Asker {
  readonly user: string;
  readonly host: string;
  readonly at: string;
  readonly program: string;
}

/** Whoever runs the command. */
export function asker(now: Date): Asker {
  return {
    ...{ user: userName(), host: hostname(), at: printTime(timeOf(now)) },
    program: `falco-egress ${VERSION}`,
  };
}

/** Some have a number only. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
