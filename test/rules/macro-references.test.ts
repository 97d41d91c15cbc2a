import { macroReferences } from '../../lib/rules/macro-references';

function names(condition: string, start?: 'operand' | 'connective'): string[] {
  return macroReferences(condition, start).map(({ name }) => name);
}

describe('macroReferences', () => {
  test.each([
    ['m', ['m']],
    ['a and b or c', ['a', 'b', 'c']],
    ['not a and not(b)', ['a', 'b']],
    ['((a)) and(b)', ['a', 'b']],
    ['evt.type = connect and m', ['m']],
    ['evt.type=connect and m', ['m']],
    ['evt.dir=< and m', ['m']],
    ['evt.type in (connect,sendto) and m', ['m']],
    ['evt.type in connect and m', ['m']],
    ['proc.name = "a and b" and m', ['m']],
    ["proc.name = 'it\\'s and n' and m", ['m']],
    ['proc.name in ("a)", b) and m', ['m']],
    ['fd.name startswith oneof (a, b) and m', ['m']],
    ['fd.name exists and m', ['m']],
    ['tolower(proc.name) = x and m', ['m']],
    ['proc.name = val(proc.pname) and m', ['m']],
    ['proc.env["a and b"] = x and m', ['m']],
    ['k8smeta.ns.label[a.b/c] in (x) and m', ['m']],
    ['evt.rawres >= -1 and m', ['m']],
    ['evt.type = x\n  and m\n', ['m']],
    ['ordinary and android', ['ordinary', 'android']],
  ])('of %j', (condition, expected) => {
    expect(names(condition)).toEqual(expected);
  });

  test.each(['a b', 'my-macro', 'm = true', 'a.b', 'm[x]', '!m', 'm, n', '"m"', 'm AND n', '', '(', ')'])(
    'says nothing of %j, which it does not understand',
    (condition) => {
      expect(names(condition)).toEqual([]);
    },
  );

  test('stops where it stops understanding, with what it has', () => {
    expect(names('a and b.c ~ d and e')).toEqual(['a']);
  });

  test('reads an appended text from its connective on', () => {
    expect(names('and a or b', 'connective')).toEqual(['a', 'b']);
    expect(names(') and a', 'connective')).toEqual(['a']);
    expect(names('a', 'connective')).toEqual([]);
  });

  test('says where', () => {
    expect(macroReferences('not m')).toEqual([{ name: 'm', offset: 4 }]);
  });
});
