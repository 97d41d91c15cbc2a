import type { ArgumentList, Operand, Transformed, TransformerArgument } from '../language/ast';
import { ConditionError } from '../language/condition-error';
import type { FieldCatalogue, FieldType } from './field';
import { resolveField } from './resolve-field';

const CODE = 'LOAD_ERR_COMPILE_CONDITION';

/** What is known of an operand before there is an event. */
export interface OperandType {
  readonly type: FieldType;
  readonly isList: boolean;
  /** The field it starts from, for messages; `undefined` for joined texts. */
  readonly field: string | undefined;
  /** Whether it may be compared with another field, and stand on the right. */
  readonly comparesWithFields: boolean;
}

/**
 * Fields with a comparison of their own (libs, `EPF_NO_RHS` and `EPF_NO_TRANSFORMER`): neither transformers nor fields on
 * the other side.
 */
const STANDS_ALONE = new Set(
  [
    'evt.rawarg evt.around fd.ip fd.net fd.cnet fd.snet fd.lnet fd.rnet fd.port fd.proto',
    'fd.cip.name fd.sip.name fd.lip.name fd.rip.name',
    'proc.apid proc.aname proc.aexe proc.aexepath proc.acmdline proc.aenv proc.aargs',
  ].flatMap((names) => names.split(' ')),
);

/** @throws ConditionError where a field or transformer does not take what it is given */
export function typeOf(operand: Operand, catalogue: FieldCatalogue): OperandType {
  if (operand.kind === 'transformer') return transformedType(operand, catalogue);
  const { name, type, isList } = resolveField(operand, catalogue);
  return { type, isList, field: name, comparesWithFields: !STANDS_ALONE.has(name) };
}

/** What each transformer of one value takes. */
const TAKES: Readonly<Record<string, readonly FieldType[]>> = {
  tolower: ['CHARBUF'],
  toupper: ['CHARBUF'],
  basename: ['CHARBUF'],
  b64: ['CHARBUF', 'BYTEBUF'],
  len: ['CHARBUF', 'BYTEBUF'],
};

const TEXT: OperandType = { type: 'CHARBUF', isList: false, field: undefined, comparesWithFields: true };

function transformedType(transformed: Transformed, catalogue: FieldCatalogue): OperandType {
  const { name, arguments: given } = transformed;
  if (name === 'join' || name === 'concat' || name === 'getopt') {
    checkMany(transformed, catalogue);
    return name === 'getopt' ? { ...TEXT, isList: true } : TEXT;
  }
  const [argument] = given;
  if (argument === undefined || given.length > 1) {
    throw new ConditionError(CODE, `${name}() takes one value`, transformed);
  }
  const inner = argumentType(argument, catalogue);
  if (name === 'val') return inner;
  if (inner.field !== undefined && STANDS_ALONE.has(inner.field)) {
    throw new ConditionError(CODE, `${inner.field} can't be transformed`, argument);
  }
  const takes = TAKES[name] ?? [];
  if (name === 'len' && inner.isList) return { ...inner, type: 'UINT64', isList: false };
  if (!takes.includes(inner.type)) {
    throw new ConditionError(CODE, `${name}() takes text, not ${describe(inner)}`, argument);
  }
  return name === 'len' ? { ...inner, type: 'UINT64' } : inner;
}

function argumentType(argument: TransformerArgument, catalogue: FieldCatalogue): OperandType {
  switch (argument.kind) {
    case 'value':
      return TEXT;
    case 'arguments':
      return listType(argument, catalogue);
    default:
      return typeOf(argument, catalogue);
  }
}

function listType(list: ArgumentList, catalogue: FieldCatalogue): OperandType {
  for (const item of list.items) argumentType(item, catalogue);
  return { ...TEXT, isList: true };
}

/** What Falco looks at within join, concat and getopt: the field's own type, before what its transformers make of it. */
function bareType(argument: TransformerArgument, catalogue: FieldCatalogue): OperandType {
  if (argument.kind !== 'transformer') return argumentType(argument, catalogue);
  typeOf(argument, catalogue);
  const [inner] = argument.arguments;
  return inner === undefined || argument.name in MANY ? TEXT : bareType(inner, catalogue);
}

const MANY = {
  join: 'a separator and a list',
  getopt: 'a list of arguments and a text of options',
  concat: 'two texts or more',
};

function checkMany(transformed: Transformed, catalogue: FieldCatalogue): void {
  const { name, arguments: given } = transformed;
  const types = given.map((argument) => bareType(argument, catalogue));
  const isText = ({ type, isList }: OperandType): boolean => type === 'CHARBUF' && !isList;
  const [first, second] = types;
  const fits =
    name === 'concat'
      ? types.length >= 2 && types.every(isText)
      : types.length === 2 && first !== undefined && second !== undefined && fitsTwo(name, first, second);
  if (fits) return;
  const takes = name === 'join' ? MANY.join : name === 'getopt' ? MANY.getopt : MANY.concat;
  throw new ConditionError(CODE, `${name}() takes ${takes}`, transformed);
}

function fitsTwo(name: string, first: OperandType, second: OperandType): boolean {
  if (name === 'join') return !first.isList && second.isList;
  return first.isList && !second.isList && first.type === 'CHARBUF' && second.type === 'CHARBUF';
}

/** A type in plain words. */
export function describe({ type, isList }: Pick<OperandType, 'type' | 'isList'>): string {
  const word = WORDS[type];
  return isList ? `a list of ${word}s` : `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}

const WORDS: Readonly<Record<FieldType, string>> = {
  CHARBUF: 'text',
  BYTEBUF: 'buffer',
  BOOL: 'boolean',
  INT16: 'number',
  INT32: 'number',
  INT64: 'number',
  UINT32: 'number',
  UINT64: 'number',
  DOUBLE: 'number',
  ABSTIME: 'time',
  RELTIME: 'duration',
  IPADDR: 'address',
  IPNET: 'network',
  PORT: 'port',
  DYNAMIC: 'value that nothing can be compared with',
};
