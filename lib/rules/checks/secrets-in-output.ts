import { fieldsOfOperand } from '../language/walk';
import type { CompiledRule } from '../compile/compiled';
import type { FieldReference } from '../language/ast';
import type { Lint } from './lint';
import { keyOf } from './reading';

/** Command lines, environments and what is sent or written: they hold passwords and tokens. */
const SECRET =
  /^proc\.(?:p|a)?cmdline$|^proc\.(?:exeline|a?args|a?env)$|^evt\.buffer$|^evt\.(?:raw)?arg\.(?:args|exe|env|data)$/;

/** All arguments of a call; `evt.arg[1]` is one of them, and which one depends on the call. */
const ARGUMENTS = /^evt\.(?:args|info|arg)$/;

/** Calls whose arguments are numbers and addresses. */
const HARMLESS = new Set([
  'connect',
  'socket',
  'bind',
  'listen',
  'accept',
  'accept4',
  'io_uring_setup',
  'shutdown',
]);

/** Alerts leave the cluster: what they tell should not be a secret. */
export const secretsInOutput: Lint = {
  code: 'secrets-in-output',
  output(rule) {
    return (rule.output?.parts ?? []).flatMap((part) =>
      part.kind === 'text'
        ? []
        : fieldsOfOperand(part.operand)
            .filter(
              (field) => SECRET.test(field.name) || (holdsArguments(field) && !hasHarmlessArguments(rule)),
            )
            .map((field) => ({
              span: part,
              message: `%${keyOf(field)} ships ${whatIn(field.name)} out of the cluster, and with it passwords and tokens`,
              hint: ARGUMENTS.test(field.name)
                ? 'name the arguments: %evt.arg.addr'
                : 'use %proc.name and %proc.exepath',
            })),
    );
  },
};

/** The first argument, number 0, is the call's result. */
function holdsArguments({ name, argument }: FieldReference): boolean {
  return ARGUMENTS.test(name) && (argument === undefined || Number(argument) !== 0);
}

function hasHarmlessArguments({ eventTypes, complete }: CompiledRule): boolean {
  return complete && eventTypes !== 'all' && [...eventTypes].every((type) => HARMLESS.has(type));
}

function whatIn(name: string): string {
  if (name.endsWith('env')) return 'the environment';
  if (name === 'evt.buffer' || name.endsWith('.data')) return 'what is sent or written';
  if (name === 'evt.arg') return 'an argument of the call';
  return ARGUMENTS.test(name) ? 'all arguments of the call' : 'command lines';
}
