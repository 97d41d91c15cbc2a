import { ConditionError } from '../../../lib/rules/language/condition-error';
import { parseCondition } from '../../../lib/rules/language/parse';
import { printCondition } from '../../../lib/rules/language/print';
import { recordedConditions } from './conditions';

/** What Falco's parser says, unlike its later stages. */
const OF_THE_PARSER = /^(?:expected|unexpected token|filter input|unsupported string|invalid \\)/;

describe('parseCondition and the real Falco', () => {
  test.each(recordedConditions().map((row) => [row.id, row] as const))('agree on %s', (_, row) => {
    const refused = !row.ok && OF_THE_PARSER.test(row.message);
    if (refused) expect(() => parseCondition(row.text)).toThrow(ConditionError);
    else expect(parseCondition(row.text)).toBeDefined();
  });
});

function errorOf(text: string): ConditionError {
  try {
    parseCondition(text);
  } catch (error) {
    if (error instanceof ConditionError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(text)} was accepted`);
}

describe('parseCondition', () => {
  // Facts of libs' userspace/libsinsp/filter/parser.cpp that no recording shows.
  test.each([
    ['evt.type inconnect', 'evt.type in connect'],
    ['evt.type in connect', 'evt.type in connect'],
    ['fd.name existsand a', '(fd.name exists and a)'],
    ['evt.rawres >= 5and a', '(evt.rawres >= 5 and a)'],
    ['evt.rawres>=-1.5e+3', 'evt.rawres >= -1.5e+3'],
    ['evt.rawres < 5.', 'evt.rawres < 5.'],
    ['evt.rawres < 0Xff', 'evt.rawres < 0Xff'],
    ['a or(b) or c', '(a or b or c)'],
    ['a and(b)and(c)or(d)', '((a and b and c) or d)'],
    ['not(a)', 'not a'],
    ['not not(a)', 'a'],
    ['not not not a', 'not a'],
    ['not\va', 'not a'],
    ['nota', 'nota'],
    ['and', 'and'],
    ['and and or', '(and and or)'],
    ['not not', 'not (not)'],
    ['a\band\bb', '(a and b)'],
    ['proc.name = a\bb', 'proc.name = "a\\bb"'],
    ['proc.name = a\u00a0b', 'proc.name = a\u00a0b'],
    ['proc.name = a\0b', 'proc.name = a\0b'],
    ['proc.name =', undefined],
    ['proc.name = oneof', 'proc.name = "oneof"'],
    ['proc.name = oneofus', 'proc.name = oneofus'],
    ['proc.name =anyof (a,b)', 'proc.name = anyof (a, b)'],
    ['proc.name regex\nallof\n(a,b)', 'proc.name regex allof (a, b)'],
    ['proc.name startswith oneof(a)', undefined],
    ['proc.name > oneof (1)', undefined],
    ['proc.name in (a,)', undefined],
    ['proc.name in (a b)', undefined],
    ['proc.name in ( )', 'proc.name in ()'],
    ['proc.name in ("a" , \'b\')', 'proc.name in (a, b)'],
    ['proc.name in val(proc.pname)', 'proc.name in val(proc.pname)'],
    ['proc.name = val( proc.pname )', 'proc.name = val(proc.pname)'],
    ['proc.name = val(tolower(proc.pname))', undefined],
    ['proc.name = "a\\" and proc.name = "b', undefined],
    ['proc.name = "a\\/b"', 'proc.name = a/b'],
    ['proc.name = "a\\xb"', undefined],
    ["proc.name = 'a\\\"b'", undefined],
    ['proc.name = "a\0"', undefined],
    ['proc.name contains\vx', undefined],
    ['proc.name = a\vb', undefined],
    ['proc.env[a(b,=] exists', 'proc.env[a(b,=] exists'],
    ['proc.env[ a ] exists', undefined],
    ['proc.env [a] exists', undefined],
    ['proc.env["a b"] exists', 'proc.env["a b"] exists'],
    ['evt.1x = a', undefined],
    ['a.b.c.d_1 = a', 'a.b.c.d_1 = a'],
    ['tolower (proc.name) = a', undefined],
    ['tolower( toupper( proc.name ) ) = a', 'tolower(toupper(proc.name)) = a'],
    ['join("-", ()) = a', 'join("-",()) = a'],
    ['join("-", (a.b, (c.d))) = a', undefined],
    ['concat(0x1f, -2, a.b[c]) = a', 'concat(0x1f,-2,a.b[c]) = a'],
    ['tolower(proc.name,) = a', undefined],
  ])('reads %j as %j', (text, printed) => {
    if (printed === undefined) expect(() => parseCondition(text)).toThrow(ConditionError);
    else expect(printCondition(parseCondition(text))).toBe(printed);
  });

  test('takes a list whose first value has a bad escape for an empty one, as Falco does', () => {
    expect(printCondition(parseCondition('proc.name in ("\\d")'))).toBe('proc.name in ()');
    expect(errorOf('proc.name in ("\\d", a)').message).toBe("Falco knows no escape '\\d'");
    expect(errorOf('proc.name in (a, "\\d")').message).toBe("Falco knows no escape '\\d'");
  });

  test('says where each part stands', () => {
    const text = ' not (a or fd.name  startswith  oneof ( "x" )) and evt.rawres<5';
    const at = (part: string): { start: number; end: number } => {
      const start = text.indexOf(part);
      return { start, end: start + part.length };
    };
    const check = 'fd.name  startswith  oneof ( "x" )';
    expect(parseCondition(text)).toEqual({
      kind: 'and',
      ...at(text.trim()),
      operands: [
        {
          kind: 'not',
          ...at(`not (a or ${check})`),
          operand: {
            kind: 'or',
            ...at(`a or ${check}`),
            operands: [
              { kind: 'macro', name: 'a', ...at('a') },
              {
                kind: 'comparison',
                ...at(check),
                left: { kind: 'field', name: 'fd.name', argument: undefined, ...at('fd.name') },
                operator: 'startswith oneof',
                operatorSpan: at('startswith  oneof'),
                right: {
                  kind: 'values',
                  ...at('( "x" )'),
                  items: [{ kind: 'value', text: 'x', quoted: true, ...at('"x"') }],
                },
              },
            ],
          },
        },
        {
          kind: 'comparison',
          ...at('evt.rawres<5'),
          left: { kind: 'field', name: 'evt.rawres', argument: undefined, ...at('evt.rawres') },
          operator: '<',
          operatorSpan: at('<'),
          right: { kind: 'value', text: '5', quoted: false, ...at('5') },
        },
      ],
    });
  });
});

describe('the errors of parseCondition', () => {
  // The condition with the span marked, the message, and the hint.
  test.each([
    ['«»', 'the condition is empty', undefined],
    ['a «&&» b', "expected 'and' or 'or' after 'a', not '&&'", "write 'and'"],
    ['a «||» b', "expected 'and' or 'or' after 'a', not '||'", "write 'or'"],
    ['a and «&&» b', "expected a field, a macro or parentheses after 'and', not '&&'", "write 'and'"],
    ['fd.sport = 1 «AND» b', "expected 'and' or 'or' after '1', not 'AND'", "write 'and'"],
    [
      'a and «!b»',
      "expected a field, a macro or parentheses after 'and', not '!b'",
      "write 'not' and a blank",
    ],
    ['NOT «fd.name» exists', "expected 'and' or 'or' after 'NOT', not 'fd.name'", "write 'not'"],
    [
      'proc.name «not» in (a)',
      "expected an operator after 'proc.name', not 'not'",
      "write 'not' first: not proc.name in …",
    ],
    ['proc.name «CONTAINS» a', "expected an operator after 'proc.name', not 'CONTAINS'", "write 'contains'"],
    [
      'proc.name «contains"a"»',
      "expected an operator after 'proc.name', not 'contains\"a\"'",
      "write a blank after 'contains'",
    ],
    [
      'proc.name «contians» a',
      "expected an operator after 'proc.name', not 'contians'",
      "did you mean 'contains'?",
    ],
    ['proc.name «like» a', "expected an operator after 'proc.name', not 'like'", "write 'glob'"],
    [
      'proc.name «and» a',
      "expected an operator after 'proc.name', not 'and'",
      "a field alone is no condition: compare it, or write 'exists'",
    ],
    ['proc.name«»', "expected an operator after 'proc.name'", undefined],
    ['a and (b or c«»', "a ')' is missing after 'c'", "close '(b or c'"],
    ['a and b«)»', "there is no '(' for this ')'", "remove the ')'"],
    ['a and (b «c»)', "expected 'and', 'or' or ')' after 'b', not 'c'", undefined],
    ['(«)»', "expected a field, a macro or parentheses after '(', not ')'", 'the parentheses are empty'],
    ['proc.name = «"a b»', 'the text that starts with " is not closed', 'close it with "'],
    [
      'proc.name = «"a\\\\"»',
      'the text that starts with " is not closed',
      'a " behind a backslash does not close the text',
    ],
    ['proc.name in (a, «"b)»', 'the text that starts with " is not closed', 'close it with "'],
    [
      'proc.name = "a«\\d»"',
      "Falco knows no escape '\\d'",
      'write \\\\ for a backslash; the others are \\b \\f \\n \\r \\t \\/ and \\ before the quote',
    ],
    ['a or(b) «and» c', "no 'and' may follow 'or(…)'", "write a blank between 'or' and '('"],
    ['a and «and» b', "a condition is missing before 'and'", undefined],
    ['proc.name = a «b»', "expected 'and' or 'or' after 'a', not 'b'", 'quote a value that has blanks'],
    [
      'proc.name = a «fd.sport» = 1',
      "expected 'and' or 'or' after 'a', not 'fd.sport'",
      "'and' or 'or' is missing",
    ],
    ['proc.name = a«=b»', "expected 'and' or 'or' after 'a', not '=b'", 'quote a value that has ='],
    [
      'name «=» a',
      "expected 'and' or 'or' after 'name', not '='",
      'only fields are compared; their names have a dot',
    ],
    [
      'my«-macro»',
      "expected 'and' or 'or' after 'my', not '-macro'",
      'names of macros hold letters, digits and _; those of fields have such parts, joined by dots',
    ],
    [
      'lower«(»proc.name) = a',
      "expected 'and' or 'or' after 'lower', not '('",
      'transformers: tolower, toupper, b64, basename, len, join, concat, getopt',
    ],
    ['fd.name exists «true»', "expected 'and' or 'or' after 'exists', not 'true'", "'exists' takes no value"],
    ['a «#» remark', "expected 'and' or 'or' after 'a', not '#'", 'a condition may not hold remarks'],
    [
      'evt.rawres > «"1"»',
      "expected a number after '>', not '\"1\"'",
      "'>' compares numbers only; they stand without quotes",
    ],
    ['evt.rawres > 1«e3»', "expected 'and' or 'or' after '1', not 'e3'", 'an exponent needs a sign: 1e+3'],
    [
      'proc.name pmatch «/etc»',
      "expected a list after 'pmatch', not '/etc'",
      'put the values in parentheses: (a, b)',
    ],
    [
      'proc.name in a«,» b',
      "expected 'and' or 'or' after 'a', not ','",
      'put the values in parentheses: (a, b)',
    ],
    [
      'proc.name in («(»a))',
      "expected a value or ')' after '(', not '('",
      'lists do not nest; write all values into one',
    ],
    ['proc.name in (a«»', "expected ',' or ')' after 'a'", "close the list with ')'"],
    [
      'proc.name = oneof«(»a)',
      "expected 'and' or 'or' after 'oneof', not '('",
      "write a blank after 'oneof'",
    ],
    ['proc.aname «[»2] = a', "expected an operator after 'proc.aname', not '['", "write no blank before '['"],
  ])('of %s', (marked, message, hint) => {
    const text = marked.replace(/[«»]/g, '');
    const start = marked.indexOf('«');
    const error = errorOf(text);
    expect({
      message: error.message,
      hint: error.hint,
      span: { start: error.span.start, end: error.span.end },
    }).toEqual({
      message,
      hint,
      span: { start, end: marked.indexOf('»') - 1 },
    });
    expect(error.code).toBe('LOAD_ERR_COMPILE_CONDITION');
  });

  test('quote no more than a piece of the text, and nothing that a terminal would act on', () => {
    const error = errorOf(`proc.name ${'\u001b'.repeat(1_000_000)}`);
    expect(error.message).toMatch(/^expected an operator after 'proc\.name', not '\u{fffd}+…'$/u);
    expect(error.message.length).toBeLessThan(120);
  });
});
