/** How bad it is. */
type Level = 'info' | 'warning' | 'error';

/** What else a line says. Values from outside end up in JSON strings, so they cannot break a line. */
export type Fields = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Writes one line. */
export type Log = (level: Level, message: string, fields?: Fields) => void;

/** A log of JSON lines. */
export function jsonLog(write: (line: string) => void, now: () => Date = () => new Date()): Log {
  return (level, message, fields = {}) => {
    write(JSON.stringify({ time: now().toISOString(), level, message, ...fields }) + '\n');
  };
}
