import { fieldsOfOperand } from '../language/walk';
import type { CompiledRule } from '../compile/compiled';
import type { Lint } from './lint';

/** Command lines, environments and what is sent or written: they hold passwords and tokens. */
const SECRET =
  /^proc\.(?:p|a)?cmdline$|^proc\.(?:exeline|a?args|a?env)$|^evt\.buffer$|^evt\.(?:raw)?arg\.(?:args|env|data)$/;

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
            .filter(({ name }) => SECRET.test(name) || (name === 'evt.args' && !hasHarmlessArguments(rule)))
            .map((field) => ({
              span: part,
              message: `%${field.name} ships ${whatIn(field.name)} out of the cluster, and with it passwords and tokens`,
              hint:
                field.name === 'evt.args'
                  ? 'name the arguments: %evt.arg.addr'
                  : 'use %proc.name and %proc.exepath',
            })),
    );
  },
};

function hasHarmlessArguments({ eventTypes, complete }: CompiledRule): boolean {
  return complete && eventTypes !== 'all' && [...eventTypes].every((type) => HARMLESS.has(type));
}

function whatIn(name: string): string {
  if (name.endsWith('env')) return 'the environment';
  if (name === 'evt.buffer' || name.endsWith('.data')) return 'what is sent or written';
  return name === 'evt.args' ? 'all arguments of the call' : 'command lines';
}
