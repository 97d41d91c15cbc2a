import { stringify } from 'yaml';
import { endsLine, isInline, joinedValues, textCode, type Print } from './expression';
import { VALUES } from './node';
import { indented, nindent, written, type Place } from './page';
import { escaped, templateText } from './text';
import { TokenError } from './token-error';

const NAMED = 'a value in a text of several lines could break it: give the text a name, by named()';

const NAME = `${VALUES}.name`;

/** A text as a scalar of YAML. */
export function scalar(value: string, print: Print, place: Place): string {
  const { marks } = print.generation;
  const parts = marks.split(value);
  if (!marks.in(value)) return literalScalar(value);
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'object' && only.is === 'joined') {
    const values = joinedValues(only, print);
    if (values !== undefined) return `{{ ${written(values, place)} | quote }}`;
  }
  const file = parts.length === 1 && typeof only === 'object' ? fileCode(value, print) : undefined;
  if (file !== undefined) return `|\n  ${nindent(written(file, place), 2)}`;
  if (!isInline(value, print)) {
    if (holdsText(value, print)) throw new TokenError(value, NAMED);
    const body = templateText(value, print, place, false);
    return `|${endsLine(value, print) ? '' : '-'}\n${indented(body.replace(/\n$/, ''), 2)}`;
  }
  const bare = parts.every((part) =>
    typeof part === 'string' ? /^[-a-z0-9]+$/.test(part) : part.is === 'code' && part.code === NAME,
  );
  if (bare && parts.length > 1 && typeof only === 'object')
    return parts.map((part) => (typeof part === 'string' ? part : `{{ ${written(NAME, place)} }}`)).join('');
  return `{{ ${written(textCode(value, print), place)} | quote }}`;
}

/** The template that prints a whole file. */
function fileCode(value: string, print: Print): string | undefined {
  if (!endsLine(value, print)) return undefined;
  return /^printf "%s\\n" \((include .*)\)$/s.exec(textCode(value, print))?.[1];
}

function literalScalar(value: string): string {
  if (!value.includes('\n')) {
    const text = escaped(stringify(value, { version: '1.1', lineWidth: 0 }).trimEnd());
    return text;
  }
  if (/^\s|[^\S\n]$|\n\n$|[^\n\x20-\x7e\u00a0-\ud7ff]/m.test(value) && !isPlainBlock(value))
    return escaped(JSON.stringify(value));
  return `|${value.endsWith('\n') ? '' : '-'}\n${indented(escaped(value.replace(/\n$/, '')), 2)}`;
}

/** Whether a text of several lines can stand as a block as it is. */
function isPlainBlock(value: string): boolean {
  return (
    /^\S/.test(value) &&
    !/\n\n$/.test(value) &&
    !/[^\n\x20-\x7e\u00a0-\ud7ff]/.test(value) &&
    !/[^\S\n]\n/.test(value)
  );
}

/** Whether a text holds a text of the chart's values as it is; numbers have no line breaks. */
function holdsText(value: unknown, print: Print): boolean {
  if (typeof value !== 'string') return false;
  return print.generation.marks.split(value).some((part) => {
    if (typeof part === 'string') return false;
    if (part.is === 'choice') return holdsText(part.yes, print) || holdsText(part.no, print);
    if (part.is === 'joined') return part.items.some((item) => holdsText(item, print));
    return part.is === 'code' && !part.code.endsWith('| toJson');
  });
}
