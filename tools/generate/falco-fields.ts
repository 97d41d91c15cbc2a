import { banner, generatedPath, printKey, quote, runGenerator, type GeneratedFile } from './falco-generated';
import { ARGUMENTS, HIDDEN_FIELDS, SYSCALLS_WITHOUT_AN_EVENT } from './falco-fields-notes';

const SCRIPT = 'falco-fields.ts';

/** Falco's list of fields, with the container plugin; the two other sources stand beside it. */
export const FIELDS_SOURCE = '../shared/data/falco-0.44.1/fields.json';
const CORE_FIELDS = 'fields-without-container-plugin.json';
const EVENTS = 'events.json';

interface SourceField {
  readonly name: string;
  readonly type: string;
  readonly desc: string;
  readonly is_list: boolean;
  readonly argument: { readonly required: boolean; readonly type: readonly string[] } | null;
}

interface SourceEvent {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: string }[];
}

/**
 * Prints names and types of fields, events and their parameters; no description.
 *
 * @param fields what `falco --list --format json` prints with the container plugin
 * @param coreFields the same without it
 * @param events what `falco --list-events --format json` prints
 */
export function generateFields(
  fields: string,
  coreFields: string,
  events: string,
  version: string,
): GeneratedFile[] {
  const falco = readFields(coreFields);
  const known = new Set(falco.map(({ name }) => name));
  const container = readFields(fields).filter(({ name }) => !known.has(name));
  const { own, generic, parameters } = readEvents(events);
  for (const name of [...ARGUMENTS.keys()]) {
    if (!known.has(name))
      throw new Error(`falco-fields-notes.ts tells of the argument of ${name}: no such field.`);
  }
  const hidden = HIDDEN_FIELDS.filter(({ name }) => !known.has(name));
  const text = [
    banner(SCRIPT, `the catalogues of Falco ${version}`),
    "import type { FieldSource } from '../../field-source';",
    '',
    `/** The fields and events of Falco ${version}. */`,
    'export const fieldSource: FieldSource = {',
    ...byType('falco', [
      ...falco.map((field) => ({ type: field.type, token: token(field) })),
      ...hidden.map(({ name, type, deprecated }) => ({ type, token: deprecated ? `${name}!` : name })),
    ]),
    ...byType(
      'container',
      container.map((field) => ({ type: field.type, token: token(field) })),
    ),
    ...joined('  events:', own, ','),
    ...joined(
      '  genericEvents:',
      [...generic, ...SYSCALLS_WITHOUT_AN_EVENT.filter((name) => !own.includes(name))],
      ',',
    ),
    ...byType(
      'parameters',
      [...parameters].map(([name, type]) => ({ type, token: name })),
    ),
    '};',
    '',
  ].join('\n');
  return [{ path: generatedPath(version, 'field-source.ts'), text }];
}

function token({ name, is_list, desc, argument }: SourceField): string {
  const list = is_list ? '*' : '';
  const deprecated = /^\(?deprecated\b/i.test(desc) ? '!' : '';
  return `${name}${ARGUMENTS.get(name) ?? argumentForm(name, argument)}${list}${deprecated}`;
}

function argumentForm(name: string, argument: SourceField['argument']): string {
  if (argument === null) return '';
  const forms = argument.type.map((form) => ({ INDEX: 'n', KEY: 'k' })[form]);
  if (forms.length === 0 || forms.includes(undefined)) {
    throw new Error(`Say in falco-fields-notes.ts what the argument of ${name} may be.`);
  }
  return `[${forms.join('')}${argument.required ? '' : '?'}]`;
}

function readFields(json: string): SourceField[] {
  const { fieldclasses } = JSON.parse(json) as {
    fieldclasses: readonly { readonly fields: readonly SourceField[] }[];
  };
  return fieldclasses.flatMap(({ fields }) => fields);
}

/** The types of parameters as conditions see them: `libs`' `flt_is_comparable` and `string_to_rawval`. */
const PARAMETER_TYPES: Readonly<Record<string, string>> = {
  CHARBUF: 'CHARBUF',
  FSPATH: 'CHARBUF',
  FSRELPATH: 'CHARBUF',
  BYTEBUF: 'BYTEBUF',
  ERRNO: 'INT64',
  FD: 'INT64',
  PID: 'INT64',
  INT64: 'INT64',
  INT32: 'INT32',
  INT16: 'INT16',
  UINT8: 'UINT32',
  UINT16: 'UINT32',
  UINT32: 'UINT32',
  FLAGS8: 'UINT32',
  FLAGS16: 'UINT32',
  FLAGS32: 'UINT32',
  ENUMFLAGS8: 'UINT32',
  ENUMFLAGS16: 'UINT32',
  ENUMFLAGS32: 'UINT32',
  MODE: 'UINT32',
  UINT64: 'UINT64',
  RELTIME: 'RELTIME',
  ABSTIME: 'ABSTIME',
  SYSCALLID: 'DYNAMIC',
  SIGTYPE: 'DYNAMIC',
  SOCKADDR: 'DYNAMIC',
  SOCKTUPLE: 'DYNAMIC',
  FDLIST: 'DYNAMIC',
  SIGSET: 'DYNAMIC',
  UID: 'DYNAMIC',
  GID: 'DYNAMIC',
  DYNAMIC: 'DYNAMIC',
};

function readEvents(json: string): { own: string[]; generic: string[]; parameters: Map<string, string> } {
  const lists = Object.values(JSON.parse(json) as Record<string, readonly SourceEvent[] | string>);
  const own = new Set<string>();
  const generic = new Set<string>();
  const parameters = new Map<string, string>();
  for (const event of lists.flatMap((list) => (typeof list === 'string' ? [] : list))) {
    (event.params[0]?.type === 'SYSCALLID' ? generic : own).add(event.name);
    for (const { name, type } of event.params) {
      const known = PARAMETER_TYPES[type];
      if (known === undefined) throw new Error(`Say in ${SCRIPT} what type of value ${type} is.`);
      // As in Falco, the first event with a parameter of that name says its type.
      if (!parameters.has(name)) parameters.set(name, known);
    }
  }
  return { own: [...own].sort(), generic: [...generic].sort(), parameters };
}

function byType(
  key: string,
  entries: readonly { readonly type: string; readonly token: string }[],
): string[] {
  const types = new Map<string, string[]>();
  for (const { type, token } of entries) types.set(type, [...(types.get(type) ?? []), token]);
  return [
    `  ${key}: {`,
    ...[...types].flatMap(([type, tokens]) => joined(`    ${printKey(type)}:`, tokens, ',')),
    '  },',
  ];
}

/** One text of words, in lines of about 110 columns. */
function joined(key: string, words: readonly string[], end: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + word.length > 95) {
      lines.push(`${line} `);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return [key, ...lines.map((text, index) => `      ${quote(text)}${index < lines.length - 1 ? ' +' : end}`)];
}

if (require.main === module) {
  runGenerator(FIELDS_SOURCE, (text, version, beside) =>
    generateFields(text, beside(CORE_FIELDS), beside(EVENTS), version),
  );
}
