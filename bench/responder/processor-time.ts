import { readdirSync, readFileSync } from 'node:fs';

/** Linux tells processes' time in hundredths of a second. */
const MS_PER_TICK = 10;

interface Process {
  readonly parent: number;
  readonly milliseconds: number;
}

/** Processor time so far of one process, in milliseconds. */
export function processorTime(pid: number): number {
  return read(pid)?.milliseconds ?? 0;
}

/** Processor time so far of this process and all that it has begun: what a burst costs a machine, whoever else uses it. */
export function processorTimeOfAll(): number {
  const all = new Map<number, Process>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const process = Number.isInteger(pid) ? read(pid) : undefined;
    if (process !== undefined) all.set(pid, process);
  }
  const isOurs = (pid: number): boolean => {
    for (let each: number | undefined = pid; each !== undefined; each = all.get(each)?.parent)
      if (each === process.pid) return true;
    return false;
  };
  return [...all].reduce((sum, [pid, { milliseconds }]) => sum + (isOurs(pid) ? milliseconds : 0), 0);
}

function read(pid: number): Process | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    return { parent, milliseconds: ((fields[11] ?? 0) + (fields[12] ?? 0)) * MS_PER_TICK };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
