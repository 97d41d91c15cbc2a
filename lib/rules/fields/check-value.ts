import { Buffer } from 'node:buffer';
import { nearest } from '../../schema/nearest';
import type { Value } from '../language/ast';
import { ConditionError } from '../language/condition-error';
import { compileRegex, RegexError } from '../regex';
import { addressProblem, networkProblem } from './addresses';
import type { FieldCatalogue, FieldType } from './field';
import { isWholeNumber, upToNul } from './numbers';
import type { OperandType } from './operand-type';
import { portOf } from './ports';
import { UnfitValueError } from './unfit-value-error';
import { UnknownFieldError } from './unknown-field-error';

const CODE = 'LOAD_ERR_COMPILE_CONDITION';
/** Falco reads values into a buffer of this many bytes, the last one for its end (libs, `s_max_filter_value_buf_size`). */
const MOST_BYTES = 255;

/**
 * Whether a value fits the field it is compared with.
 *
 * @param operator without its modifier
 * @throws ConditionError as Falco
 */
export function checkValue(
  value: Value,
  left: OperandType,
  operator: string,
  catalogue: FieldCatalogue,
): void {
  if (operator === 'bcontains' || operator === 'bstartswith') {
    if (!/^(?:[0-9a-fA-F]{2})*$/.test(value.text)) {
      throw refused(value, `${operator} takes hexadecimal digits, two a byte`, 'write GET as 474554');
    }
    if (value.text.length > 2 * MOST_BYTES) throw tooLong(value);
    return;
  }
  const text = left.type === 'BYTEBUF' ? value.text : upToNul(value.text);
  const problem = problemOf(text, left.type);
  if (problem !== undefined) throw new UnfitValueError(CODE, problem.message, value, problem.hint);
  if ((left.type === 'CHARBUF' || left.type === 'BYTEBUF') && Buffer.byteLength(text) > MOST_BYTES) {
    throw tooLong(value);
  }
  if (left.field === 'evt.type' && !catalogue.eventTypes.has(text) && catalogue.eventTypes.size > 0) {
    const candidate = nearest(text, catalogue.eventTypes);
    const hint = candidate === undefined ? undefined : `did you mean ${candidate}?`;
    throw new UnknownFieldError(CODE, `there is no event '${text}'`, value, hint ?? wholeNames(operator));
  }
  if (left.field === 'evt.around' && operator !== '=' && operator !== '==') {
    throw refused(value, 'evt.around is compared with = only');
  }
  if (operator === 'regex') checkRegex(value, text);
}

function wholeNames(operator: string): string | undefined {
  return operator === '=' || operator === 'in' ? undefined : 'Falco takes whole names of events only';
}

interface Problem {
  readonly message: string;
  readonly hint?: string;
}

function problemOf(text: string, type: FieldType): Problem | undefined {
  switch (type) {
    case 'CHARBUF':
    case 'BYTEBUF':
      return undefined;
    case 'BOOL':
      if (text === 'true' || text === 'false') return undefined;
      return { message: `'${text}' is neither true nor false`, ...booleanHint(text) };
    case 'PORT':
      if (portOf(text) !== undefined) return undefined;
      return { message: `'${text}' is neither a port nor the name of a service` };
    case 'IPADDR': {
      const problem = addressProblem(text);
      return problem === undefined ? undefined : { message: `'${text}' ${problem}`, ...addressHint(text) };
    }
    case 'IPNET': {
      const problem = networkProblem(text);
      return problem === undefined ? undefined : { message: `'${text}' ${problem}`, ...networkHint(text) };
    }
    case 'DYNAMIC':
      return { message: 'this argument can only be asked for with exists' };
    default:
      return isWholeNumber(text) ? undefined : { message: `'${text}' is no whole number` };
  }
}

function booleanHint(text: string): { hint?: string } {
  const lower = text.toLowerCase();
  const word = lower === 'true' || lower === '1' || lower === 'yes' ? 'true' : 'false';
  return ['true', 'false', '1', '0', 'yes', 'no'].includes(lower) ? { hint: `write ${word}` } : {};
}

function addressHint(text: string): { hint?: string } {
  if (networkProblem(text) === undefined) {
    return { hint: 'compare a network with fd.snet, fd.cnet, fd.lnet, fd.rnet or fd.net' };
  }
  if (/^::ffff:[0-9.]+$/i.test(text))
    return { hint: `Falco shows mapped addresses as IPv4: ${text.slice(7)}` };
  return /^[a-z][\w.-]*$/i.test(text) ? { hint: 'compare a name with fd.sip.name; a field in val(…)' } : {};
}

function networkHint(text: string): { hint?: string } {
  if (addressProblem(text) === undefined)
    return { hint: `write ${text}/${text.includes('.') ? '32' : '128'}` };
  return text === '::/0' ? { hint: 'write fd.type = ipv6' } : {};
}

function checkRegex(value: Value, text: string): void {
  try {
    compileRegex(text);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    throw refused(value, `the regular expression ${error.message}`, error.hint);
  }
}

function tooLong(value: Value): ConditionError {
  return refused(value, `the value is longer than ${MOST_BYTES} bytes`);
}

function refused(value: Value, message: string, hint?: string): ConditionError {
  return new ConditionError(CODE, message, value, hint);
}
