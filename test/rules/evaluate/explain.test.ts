import { compileCondition } from '../../../lib/rules/evaluate/compile';
import type { Event } from '../../../lib/rules/evaluate/event';
import { explain, type Explanation } from '../../../lib/rules/evaluate/explain';
import { renderExplanation } from '../../../lib/rules/evaluate/render-explanation';
import type { Condition } from '../../../lib/rules/language/ast';
import { ConditionError } from '../../../lib/rules/language/condition-error';
import { parseCondition } from '../../../lib/rules/language/parse';
import { catalogue } from './catalogue';
import { truthEvents, truthRows } from './recorded';

function deciding(part: Explanation): string[] {
  switch (part.kind) {
    case 'check':
      return part.decides ? [part.text] : [];
    case 'not':
      return deciding(part.operand);
    case 'macro':
      return deciding(part.definition);
    default:
      return part.operands.flatMap(deciding);
  }
}

function explained(condition: string, event: Event): Explanation {
  return explain(parseCondition(condition), event, catalogue);
}

describe('an explanation', () => {
  const event: Event = { 'evt.type': 'connect', 'fd.sport': 443, 'proc.name': 'curl' };

  test.each<[string, boolean, string[]]>([
    ['evt.type = connect and fd.sport = 443', true, ['evt.type = connect', 'fd.sport = 443']],
    ['evt.type = open and fd.sport = 443 and proc.name = nc', false, ['evt.type = open', 'proc.name = nc']],
    ['evt.type = connect or fd.sport = 1', true, ['evt.type = connect']],
    ['evt.type = open or fd.sport = 1', false, ['evt.type = open', 'fd.sport = 1']],
    ['not (evt.type = open and fd.sport = 443)', true, ['evt.type = open']],
    [
      'evt.type = connect and (fd.sport = 1 or proc.name = curl)',
      true,
      ['evt.type = connect', 'proc.name = curl'],
    ],
  ])('of %s: %s', (condition, result, decides) => {
    expect(explained(condition, event).result).toBe(result);
    expect(deciding(explained(condition, event))).toEqual(decides);
  });

  test('shows what the event holds', () => {
    expect(explained('fd.sport in (1, 2)', event)).toEqual({
      kind: 'check',
      result: false,
      decides: true,
      text: 'fd.sport in (1, 2)',
      values: [{ field: 'fd.sport', value: 443 }],
    });
    expect(explained('fd.port = val(fd.cport)', { 'fd.sport': 1 })).toMatchObject({
      values: [
        { field: 'fd.cport', value: null },
        { field: 'fd.sport', value: 1 },
      ],
    });
    expect(explained('proc.aname = a', { 'proc.aname': 'b c' })).toMatchObject({
      values: [{ field: 'proc.aname', value: ['b', 'c'] }],
    });
    expect(explained('join("-", (proc.name, proc.pname)) = x', event)).toMatchObject({
      values: [
        { field: 'proc.name', value: 'curl' },
        { field: 'proc.pname', value: null },
      ],
    });
  });

  test('agrees with the compiled condition on what was recorded', () => {
    const events = truthEvents().filter((_, index) => index % 50 === 0);
    for (const { accepted, condition } of truthRows()) {
      if (!accepted) continue;
      const passes = compileCondition(parseCondition(condition), catalogue);
      for (const one of events) expect(explained(condition, one).result).toBe(passes(one));
    }
  });

  test('needs resolved macros', () => {
    expect(() => explained('evt.type = connect and nobody', event)).toThrow(ConditionError);
  });
});

describe('a rendered explanation', () => {
  const macro = (name: string, condition: Condition): Condition => ({
    kind: 'macro',
    name,
    start: 0,
    end: 1,
    definition: { name, condition },
  });

  test('is indented, with a mark before what decides', () => {
    const condition: Condition = {
      kind: 'and',
      start: 0,
      end: 1,
      operands: [
        parseCondition('evt.type = connect'),
        { kind: 'not', start: 0, end: 1, operand: macro('web', parseCondition('fd.sport = 443')) },
      ],
    };
    const text = renderExplanation(explain(condition, { 'evt.type': 'connect', 'fd.sport': 443 }, catalogue));
    expect(text.split('\n')).toEqual([
      '> false and',
      '  true    evt.type = connect · evt.type is "connect"',
      '> false   not',
      '> true      web',
      '> true        fd.sport = 443 · fd.sport is 443',
    ]);
  });

  test('tells a macro once', () => {
    let condition = parseCondition('fd.name exists');
    for (let level = 0; level < 60; level += 1) {
      const inner = macro(`m${level}`, condition);
      condition = { kind: 'and', operands: [inner, inner], start: 0, end: 1 };
    }
    const lines = renderExplanation(explain(condition, {}, catalogue)).split('\n');
    expect(lines.filter((line) => line.endsWith('m7 (see above)'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('has no value'))).toHaveLength(1);
  });

  test('brings nothing to a terminal that it would obey', () => {
    const condition = parseCondition('proc.name = "\u001b[2J\u202e"');
    const text = renderExplanation(
      explain(condition, { 'proc.name': '\u001b]0;x\u0007\u009b\u007f\u202e\n' }, catalogue),
    );
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain('\\u{202e}');
  });

  test('cuts what is very long', () => {
    const text = renderExplanation(explained('proc.cmdline = x', { 'proc.cmdline': 'y'.repeat(100_000) }));
    expect(text.length).toBeLessThan(1000);
  });
});
