/**
 * The value of one variable in `proc.env`'s text, `A=1 B=2`. A variable that isn't set has an empty text, not no value:
 * `proc.env[X] exists` is always true.
 */
export function environmentVariable(all: unknown, name: string): string {
  if (typeof all !== 'string') return '';
  const before = ` ${all}`;
  const start = before.indexOf(` ${name}=`);
  if (start < 0) return '';
  const value = before.slice(start + name.length + 2);
  const next = / [A-Za-z_]\w*=/.exec(value);
  return next === null ? value : value.slice(0, next.index);
}
