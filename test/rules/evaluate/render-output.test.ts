import { renderOutput, type RenderedOutput } from '../../../lib/rules/evaluate/render-output';
import type { Event } from '../../../lib/rules/evaluate/event';
import type { OutputFormat } from '../../../lib/rules/fields/output-format';
import type { FieldReference, Operand } from '../../../lib/rules/language/ast';
import { catalogue } from './catalogue';
import { egressCases } from './recorded';

const span = { start: 0, end: 0 };

function field(written: string): FieldReference {
  const [, name = '', argument] = /^([^[]+)(?:\[(.*)\])?$/.exec(written) ?? [];
  return { ...span, kind: 'field', name, argument };
}

type Part = string | Operand | readonly [number, string];

/** An output of texts and fields; what begins with % is a field. */
function format(...parts: readonly Part[]): OutputFormat {
  return {
    parts: parts.map((part) => {
      if (isSized(part)) return { ...span, kind: 'field', operand: field(part[1]), width: part[0] };
      if (typeof part !== 'string') return { ...span, kind: 'field', operand: part, width: undefined };
      if (part.startsWith('%'))
        return { ...span, kind: 'field', operand: field(part.slice(1)), width: undefined };
      return { ...span, kind: 'text', text: part };
    }),
  };
}

function isSized(part: Part): part is readonly [number, string] {
  return Array.isArray(part);
}

function render(event: Event, ...parts: readonly Part[]): RenderedOutput {
  return renderOutput(format(...parts), event, catalogue);
}

describe('a rendered output', () => {
  const recorded =
    '%evt.time.iso8601|: Warning corp case=|%proc.env[FLKCASE]| type=|%evt.type| num=|%evt.num| cip=|%fd.cip| sip=|%fd.sip| cport=|' +
    '%fd.cport| sport=|%fd.sport| lport=|%fd.lport| rport=|%fd.rport| l4=|%fd.l4proto| type=|%fd.type| tc=|%fd.typechar| name=|' +
    '%fd.name| res=|%evt.res| rawres=|%evt.rawres| conn=|%fd.connected| nch=|%fd.name_changed| proc=|%proc.name| ns=|%k8s.ns.name| pod=|' +
    '%k8s.pod.name| cid=|%container.id';
  const alerts = egressCases().flatMap(({ alerts }) => alerts);

  test('is the text and the fields of the real Falco’s alerts', () => {
    expect(alerts.length).toBeGreaterThan(20);
    for (const { output, output_fields } of alerts) {
      // JSON.parse has no room for all digits of the time: they are in the text.
      const event = { ...output_fields, 'evt.time.iso8601': nanoseconds(output) };
      const { text, fields } = render(event, ...recorded.split('|'));
      expect(text).toBe(output);
      expect(fields).toEqual(event);
    }
  });

  test('fills or cuts a field to its width', () => {
    const event = { 'proc.name': 'curl' };
    expect(render(event, '[', [6, 'proc.name'], '][', [2, 'proc.name'], ']').text).toBe('[curl  ][cu]');
  });

  test('has <NA> and null for what has no value', () => {
    expect(render({}, 'ip=', '%fd.sip')).toEqual({ text: 'ip=<NA>', fields: { 'fd.sip': null } });
  });

  test('prints a list as Falco does', () => {
    expect(render({ 'fd.types': ['file', 'ipv4'] }, '%fd.types').text).toBe('(file,ipv4)');
  });

  test('transforms', () => {
    const upper: Operand = { ...span, kind: 'transformer', name: 'toupper', arguments: [field('proc.name')] };
    expect(render({ 'proc.name': 'a' }, upper)).toEqual({
      text: 'A',
      fields: { 'toupper(proc.name)': 'A' },
    });
  });

  test('takes the address that was asked for from the arguments', () => {
    const event = { 'evt.args': 'res=-111(ECONNREFUSED) tuple=NULL fd=3(<4>) addr=10.77.0.2:81' };
    expect(render(event, 'asked=', '%evt.arg.addr').text).toBe('asked=10.77.0.2:81');
  });

  test('prints times in the way of each field', () => {
    const event = { 'evt.time': 1795333275744381641n, 'evt.time.s': 1795333275744381641n };
    expect(render(event, '%evt.time', ' ', '%evt.time.s').text).toBe('07:41:15.744381641 07:41:15');
    expect(render({ 'evt.time': 2n ** 70n }, '%evt.time').text).toBe(String(2n ** 70n));
  });
});

function nanoseconds(output: string): bigint {
  const [, date = '', fraction = ''] = /^([^.]+)\.(\d{9})\+0000/.exec(output) ?? [];
  return BigInt(Date.parse(`${date}Z`)) * 1_000_000n + BigInt(fraction);
}
