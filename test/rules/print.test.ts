import fc from 'fast-check';
import { load } from 'js-yaml';
import {
  appendToCondition,
  appendToList,
  appendToMacro,
  disableRule,
  list,
  loadRules,
  macro,
  overrideRule,
  printRules,
  requiredEngineVersion,
  requiredPluginVersions,
  rule,
  type RulesObject,
} from '../../lib/rules';
import { recording } from './recordings';

const whole = rule({
  name: 'A',
  desc: 'd',
  condition: 'evt.type = connect\nand proc.name = x',
  output: 'x %proc.name',
  priority: 'WARNING',
  source: 'syscall',
  enabled: false,
  tags: ['network', 'T1071'],
  exceptions: [
    { name: 'e', fields: ['proc.name', 'fd.sport'], comps: ['=', 'in'], values: [['curl', [80, 443]]] },
  ],
  warnEvttypes: false,
  skipIfUnknownFilter: true,
  capture: true,
  captureDuration: 5000,
});

describe('printRules', () => {
  test('prints each part of a rule in Falco’s spelling', () => {
    expect(printRules([whole])).toBe(`- rule: A
  desc: d
  condition: |-
    evt.type = connect
    and proc.name = x
  output: x %proc.name
  priority: WARNING
  source: syscall
  enabled: false
  tags: [network, T1071]
  exceptions: [{name: e, fields: [proc.name, fd.sport], comps: ['=', in], values: [[curl, [80, 443]]]}]
  warn_evttypes: false
  skip-if-unknown-filter: true
  capture: true
  capture_duration: 5000
`);
  });

  test.each<[string, RulesObject]>([
    ['f104-override-cond-append', appendToCondition('A', 'and proc.name = x')],
    ['f105-override-cond-replace', overrideRule('A', { condition: 'evt.type = accept' })],
    ['f108-override-priority-replace', overrideRule('A', { priority: 'ERROR' })],
    ['f110-override-tags-append', overrideRule('A', { tags: { append: ['x'] } })],
    ['f111-override-output-append', overrideRule('A', { output: { append: ' more=%fd.name' } })],
    ['f119-override-macro-append', appendToMacro('m', 'or evt.type = accept')],
    ['f120-override-list-append', appendToList('l', ['b'])],
    [
      'f138-exc-append-values',
      overrideRule('A', { exceptions: { append: [{ name: 'e1', values: [['wget', [8080]]] }] } }),
    ],
  ])('prints an override as in %s, which Falco loads', (id, object) => {
    const { ok, yaml } = recording(id);
    expect(ok).toBe(true);
    expect(load(yaml)).toContainEqual((load(printRules([object])) as unknown[])[0]);
  });

  test('turns a rule off with a replace entry', () => {
    expect(printRules([disableRule('A')])).toBe(
      '- rule: A\n  enabled: false\n  override: {enabled: replace}\n',
    );
  });

  test('prints requirements', () => {
    const objects = [
      requiredEngineVersion('0.57.0'),
      requiredPluginVersions({ name: 'container', version: '0.4.0' }, { name: 'k8smeta', version: '0.4.0' }),
    ];
    expect(load(printRules(objects))).toEqual([
      { required_engine_version: '0.57.0' },
      {
        required_plugin_versions: [
          { name: 'container', version: '0.4.0' },
          { name: 'k8smeta', version: '0.4.0' },
        ],
      },
    ]);
  });

  test.each([
    '213.215.222.58',
    '1:20',
    '0x1f',
    '0b1',
    '017',
    '1_000',
    '1e3',
    '.5',
    '-.inf',
    'yes',
    'No',
    'on',
    'y',
    'true',
    'null',
    '~',
    '<<',
    '2001-12-14',
    '::1',
    '*',
    '&a',
    '- a',
    '# a',
    '%a',
    ' a',
  ])('quotes the text %s', (text) => {
    expect(printRules([{ kind: 'list', name: 'l', items: [text] }])).toContain(`items: ['${text}']`);
  });

  test.each([443, 'curl', 'x-y', '/etc/passwd'])('leaves %s without quotes', (item) => {
    expect(printRules([list('l', [item])])).toContain(`items: [${String(item)}]`);
  });

  test('keeps every text as it is', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((value) => /^[^\r\u0085\u2028\u2029\ufeff]*$/.test(value));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const objects: RulesObject[] = [
          { ...whole, name: a, condition: `${a}\n  ${b}\n`, output: `\n${b}`, tags: [a, b] },
          { kind: 'list', name: b, items: [a, b] },
        ];
        const [printedRule, printedList] = load(printRules(objects)) as Record<string, unknown>[];
        expect(printedRule).toMatchObject({
          rule: a,
          condition: `${a}\n  ${b}\n`,
          output: `\n${b}`,
          tags: [a, b],
        });
        expect(printedList).toEqual({ list: b, items: [a, b] });
      }),
    );
  });

  test('prints nothing for a part that is undefined', () => {
    expect(printRules([{ ...whole, tags: undefined }])).not.toContain('tags');
  });

  test('what is printed is what is read', () => {
    const { objects, findings } = loadRules([
      { name: 'f', text: printRules([macro('m', 'evt.type = x'), whole]) },
    ]);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(objects.map(({ object }) => object)).toEqual([
      macro('m', 'evt.type = x'),
      { ...whole, exceptions: [{ ...whole.exceptions?.[0], values: [['curl', ['80', '443']]] }] },
    ]);
  });
});
