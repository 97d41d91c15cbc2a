import type { SchemaFinding, ValuePath } from '../schema/finding';
import { nearest } from '../schema/nearest';
import { DROP_ACTIONS, ENGINE_KINDS, LIBS_SEVERITIES, LOG_LEVELS, PRIORITIES, RULE_MATCHINGS } from './words';

/**
 * Finds what passes Falco's schema and yet stops Falco at its start or has no effect. Read from
 * Falco's source, configuration.cpp. Values of the wrong type are left to the schema check, and text
 * with `${…}` is left alone: Falco puts environment variables in first.
 */
export function findUnusable(config: unknown): SchemaFinding[] {
  const findings: SchemaFinding[] = [];
  const refuse = (path: ValuePath, message: string, suggestion?: string): void => {
    const hint = suggestion === undefined ? '' : `; did you mean '${suggestion}'?`;
    findings.push({
      code: 'refused',
      path,
      target: 'value',
      message: `${message}${hint}`,
      ...(suggestion !== undefined && { suggestion }),
    });
  };
  const words = (path: ValuePath, allowed: readonly string[], anyCase: boolean): void => {
    const value = get(config, path);
    if (typeof value !== 'string' || value.includes('${')) return;
    if (allowed.includes(anyCase ? value.toLowerCase() : value)) return;
    refuse(
      path,
      `Falco takes only ${allowed.join(', ')}, found ${JSON.stringify(value)}`,
      nearest(value, allowed),
    );
  };

  words(['engine', 'kind'], ENGINE_KINDS, false);
  words(['rule_matching'], RULE_MATCHINGS, true);
  words(['priority'], PRIORITIES, true);
  words(['log_level'], LOG_LEVELS, false);
  words(['libs_logger', 'severity'], LIBS_SEVERITIES, false);

  if (get(config, ['engine', 'kind']) === 'replay' && !get(config, ['engine', 'replay', 'capture_file'])) {
    refuse(['engine'], "engine.kind 'replay' needs a replay.capture_file");
  }
  for (const [output, key] of [
    ['file_output', 'filename'],
    ['program_output', 'program'],
    ['http_output', 'url'],
  ] as const) {
    const value = get(config, [output, key]);
    if (get(config, [output, 'enabled']) === true && (value === undefined || value === '')) {
      refuse([output], `an enabled ${output} needs a ${key}`);
    }
  }

  const address = get(config, ['webserver', 'listen_address']);
  if (typeof address === 'string' && !address.includes('${') && !isAddress(address.trim())) {
    refuse(['webserver', 'listen_address'], `expected an IP address, found ${JSON.stringify(address)}`);
  }
  const threshold = get(config, ['syscall_event_drops', 'threshold']);
  if (typeof threshold === 'number' && (threshold < 0 || threshold > 1)) {
    refuse(['syscall_event_drops', 'threshold'], `expected a number from 0 to 1, found ${threshold}`);
  }
  const timeouts = ['syscall_event_timeouts', 'max_consecutives'];
  if (get(config, timeouts) === 0) refuse(timeouts, 'expected a whole number of at least 1, found 0');

  const actions = ['syscall_event_drops', 'actions'];
  const given = items(get(config, actions));
  given.forEach((_, index) => {
    words([...actions, index], DROP_ACTIONS, false);
  });
  if (given.includes('ignore') && (given.includes('log') || given.includes('alert'))) {
    refuse(actions, "'ignore' goes with neither 'log' nor 'alert'");
  }

  const known = items(get(config, ['plugins'])).map((plugin) => get(plugin, ['name']));
  const toLoad = items(get(config, ['load_plugins']));
  toLoad.forEach((name, index) => {
    if (typeof name !== 'string' || name.includes('${')) return;
    const path = ['load_plugins', index];
    if (toLoad.indexOf(name) < index) refuse(path, `plugin '${name}' is named twice`);
    else if (!known.includes(name)) {
      const names = known.filter((other) => typeof other === 'string');
      refuse(path, `plugin '${name}' has no entry in plugins`, nearest(name, names));
    }
  });

  for (const [key, instead] of [
    ['rule_files', 'use rules_files'],
    ['container_engines', 'its settings belong to init_config of the container plugin'],
  ] as const) {
    if (get(config, [key]) !== undefined) {
      const message = `Falco does not read '${key}'; ${instead}`;
      findings.push({ code: 'ignored', path: [key], target: 'key', message });
    }
  }
  return findings;
}

/** An IPv4 or IPv6 address, the latter perhaps with a zone. `isIP` of node:net takes 5 ms on its first call. */
function isAddress(text: string): boolean {
  const bytes = text.split('.');
  if (bytes.length === 4 && bytes.every((byte) => /^(0|[1-9]\d{0,2})$/.test(byte) && Number(byte) < 256))
    return true;
  return /^[\da-f:.]+(%.+)?$/i.test(text) && URL.canParse(`http://[${text.replace(/%.*$/, '')}]/`);
}

function get(value: unknown, path: ValuePath): unknown {
  let here = value;
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined;
    here = (here as Readonly<Record<string | number, unknown>>)[part];
  }
  return here;
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
