import { load } from 'js-yaml';
import { falcoFields } from '../../../lib/rules/fields/catalogue';
import { parseOutput } from '../../../lib/rules/fields/output-format';
import { UnknownFieldError } from '../../../lib/rules/fields/unknown-field-error';
import { outputWarningsOf } from '../../../lib/rules/fields/warnings';
import { ConditionError } from '../../../lib/rules/language/condition-error';
import { readRows, RECORDINGS, type RecordedCondition } from './recorded';

const catalogue = falcoFields('0.44.1', ['container']);

/** The texts and fields of an output: `['x ', '%proc.name', 's']`. */
function split(text: string): string[] {
  return parseOutput(text, catalogue).parts.map((part) =>
    part.kind === 'text' ? part.text : text.slice(part.start, part.end),
  );
}

function refusal(text: string): ConditionError {
  try {
    parseOutput(text, catalogue);
  } catch (error) {
    if (error instanceof ConditionError) return error;
    throw error;
  }
  throw new Error(`'${text}' was taken`);
}

describe('an output', () => {
  test.each([
    ['x', ['x']],
    ['x %proc.name', ['x ', '%proc.name']],
    ['%proc.names', ['%proc.name', 's']],
    ['%proc.name.', ['%proc.name', '.']],
    ['%fd.sip.named', ['%fd.sip.name', 'd']],
    ['%proc.aname[2],%proc.aname[2', ['%proc.aname[2]', ',', '%proc.aname', '[2']],
    ['%proc.name[1]', ['%proc.name', '[1]']],
    ['(%fd.name)', ['(', '%fd.name', ')']],
    ['%evt.arg.addr/%evt.arg[0]', ['%evt.arg.addr', '/', '%evt.arg[0]']],
    ['%tolower(proc.name)!', ['%tolower(proc.name)', '!']],
    ['%20proc.name', ['%20proc.name']],
    ['*%proc.name', ['*', '%proc.name']],
    ['%k8s.ns.label[a/b.c]', ['%k8s.ns.label[a/b.c]']],
    ['a%container.infob', ['a', 'b']],
  ])('%j is %j', (text, parts) => {
    expect(split(text)).toEqual(parts);
  });

  test('knows the width of a field', () => {
    expect(parseOutput('%20proc.name', catalogue).parts[0]).toMatchObject({ kind: 'field', width: 20 });
  });

  test.each(['x %', 'x %20', ''])('%j is refused', (text) => {
    const error = refusal(text);
    expect(error.code).toBe('LOAD_ERR_COMPILE_OUTPUT');
    expect(error).not.toBeInstanceOf(UnknownFieldError);
  });

  test.each([
    '100% sure',
    '100%% sure',
    '%no.field',
    '*%proc.name %no.field',
    '%tolower(proc.pid)',
    '%k8s.ns.label.a',
    '%(proc.name)',
    '%val(proc.name)',
  ])('%j has no known field', (text) => {
    const error = refusal(text);
    expect(error).toBeInstanceOf(UnknownFieldError);
    expect(error.code).toBe('LOAD_ERR_COMPILE_OUTPUT');
    expect(error.span.end).toBeGreaterThan(error.span.start);
  });

  test('says what was meant', () => {
    expect(refusal('%fd.spi').hint).toBe('did you mean fd.sip (server address)?');
    expect(refusal('100%').hint).toMatch(/percent/);
  });

  test('warns of what Falco drops, and of deprecated fields', () => {
    const text = '%container.info %container.info %evt.dir';
    const warnings = outputWarningsOf(text, parseOutput(text, catalogue), catalogue);
    expect(warnings.map(({ code, span }) => [code, text.slice(span.start, span.end)])).toEqual([
      ['LOAD_DEPRECATED_ITEM', '%container.info'],
      ['LOAD_DEPRECATED_ITEM', 'evt.dir'],
    ]);
  });
});

const rows = readRows<RecordedCondition>('rules-files.jsonl').flatMap((row) => {
  // A file with one rule and nothing else is about that rule.
  const entries = attempt(() => load(row.yaml));
  if (!Array.isArray(entries) || entries.length !== 1) return [];
  const { output } = entries[0] as Record<string, unknown>;
  const codes = new Set([...row.errors, ...row.warnings].map(({ code }) => code));
  const elsewhere = !row.ok && !codes.has('LOAD_ERR_COMPILE_OUTPUT');
  return typeof output === 'string' && output !== '' && !elsewhere
    ? [{ id: row.id, output, row, codes }]
    : [];
});

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

(RECORDINGS === undefined ? describe.skip : describe)('recorded outputs', () => {
  test('some are refused', () => {
    expect(rows.some(({ row }) => !row.ok)).toBe(true);
  });

  test.each(rows.map((row) => [row.id, row.output, row] as const))(
    '%s %j: the verdict is Falco’s',
    (id, output, { row, codes }) => {
      const unknown = codes.has('LOAD_UNKNOWN_FILTER') && id.includes('output');
      const taken = attempt(() => parseOutput(output, catalogue)) !== undefined;
      expect(taken).toBe(row.ok && !unknown);
      if (!taken)
        expect(refusal(output) instanceof UnknownFieldError).toBe(
          row.errors[0]?.message.startsWith('unknown filter') ?? true,
        );
    },
  );
});
