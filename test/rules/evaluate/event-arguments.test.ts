import { argumentsReader } from '../../../lib/rules/evaluate/read/event-arguments';
import { catalogue } from './catalogue';

function shownOf(text: string): unknown {
  return Object.fromEntries(
    [...argumentsReader(catalogue)({ 'evt.args': text })].map(([name, { raw, resolved }]) => [
      name,
      resolved === undefined ? raw : [raw, resolved],
    ]),
  );
}

describe('the arguments in evt.args', () => {
  test('of a connect that was refused', () => {
    expect(shownOf('res=-111(ECONNREFUSED) tuple=NULL fd=3(<4>) addr=10.77.0.2:81')).toEqual({
      res: ['-111', 'ECONNREFUSED'],
      tuple: 'NULL',
      fd: ['3', '<4>'],
      addr: '10.77.0.2:81',
    });
  });

  test('may hold blanks', () => {
    expect(shownOf('res=78 data=GET / HTTP/1.1..Host: x.... size=78')).toEqual({
      res: '78',
      data: 'GET / HTTP/1.1..Host: x....',
      size: '78',
    });
  });

  test('don’t begin at a word that no event has', () => {
    expect(shownOf('data=a b=c size=3')).toEqual({ data: 'a b=c', size: '3' });
  });

  test('don’t begin within a socket’s path', () => {
    expect(shownOf('res=0 fd=3(<u>/tmp/x addr=1.2.3.4:5) addr=/tmp/x')).toEqual({
      res: '0',
      fd: ['3', '<u>/tmp/x addr=1.2.3.4:5'],
      addr: '/tmp/x',
    });
  });

  test('are a path and the absolute one', () => {
    expect(shownOf('dirfd=-100(AT_FDCWD) name=a(b)(/tmp/a(b)) mode=0')).toEqual({
      dirfd: ['-100', 'AT_FDCWD'],
      name: ['a(b)', '/tmp/a(b)'],
      mode: '0',
    });
    expect(shownOf('name=/tmp/a(/b)')).toEqual({ name: '/tmp/a(/b)' });
  });

  test('are none without the text', () => {
    expect(argumentsReader(catalogue)({}).size).toBe(0);
    expect(argumentsReader(catalogue)({ 'evt.args': null }).size).toBe(0);
    expect(shownOf('')).toEqual({});
  });
});
