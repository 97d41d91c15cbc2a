import type { Event } from '../evaluate/event';
import type { FieldCatalogue } from '../fields/field';
import type { Finding } from '../finding';
import { parseYaml } from '../read/yaml';
import { recordText } from '../recorded/record-text';
import type { RulesFile } from '../render';
import { recordedEvent, writtenEvent } from './event-defaults';
import { readRecordedEvents } from './recorded-events';
import { readEvent } from './written-event';

/** Reads the events of a file of any kind: recorded ones, a line each, or one in YAML as tests have them. */
export function readAnyEvents(
  file: RulesFile,
  catalogue: FieldCatalogue,
): { readonly events: readonly Event[]; readonly findings: readonly Finding[] } {
  if (recordText(file.text).trimStart().startsWith('{')) {
    const { events, findings } = readRecordedEvents(file, catalogue);
    return { events: events.map((event) => recordedEvent(event, {})), findings };
  }
  const { roots, report } = parseYaml(file);
  const events = roots.flatMap((root) => (root.type === 'sequence' ? root.items : [root]));
  const read = events.map((node, index) => writtenEvent(readEvent(node, catalogue, report), {}, index + 1));
  return { events: read, findings: report.findings };
}
