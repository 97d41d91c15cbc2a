import { lintsOf } from './found';

function withOutput(output: string, type = 'execve'): string[] {
  const text = `- rule: A\n  desc: d\n  condition: evt.type = ${type}\n  output: "${output}"\n  priority: INFO\n`;
  return lintsOf(text);
}

test.each([
  '%proc.cmdline',
  '%proc.pcmdline',
  '%proc.acmdline[2]',
  '%proc.args',
  '%proc.env',
  '%proc.env[TOKEN]',
  '%evt.args',
  '%evt.info',
  '%evt.arg[1]',
  '%evt.arg[2]',
  '%evt.arg.args',
  '%evt.arg.exe',
  '%evt.arg.env',
  '%evt.buffer',
  '%evt.arg.data',
  '%tolower(proc.cmdline)',
])('%s tells secrets', (field) => {
  expect(withOutput(`x ${field} y`)).toEqual([`secrets-in-output [${field}]`]);
});

test.each(['%evt.arg[0]', '%proc.name', '%proc.cmdnargs', '%proc.exepath', '%evt.arg.addr', 'proc.cmdline'])(
  '%s tells none',
  (field) => {
    expect(withOutput(`x ${field} y`)).toEqual([]);
  },
);

test('the arguments of a connect are an address', () => {
  expect(withOutput('%evt.args %evt.info %evt.arg[1]', 'connect')).toEqual([]);
  expect(withOutput('%evt.args', 'sendto')).toEqual(['secrets-in-output [%evt.args]']);
});
