import { assertFalcoConfig, checkFalcoConfig, FalcoConfigError, formatPath } from '../../lib/falco/config';
import type { SchemaNode } from '../../lib/schema/node';
import { falcoVersion } from '../../lib/falco/versions';
import { FULL_CONFIG } from './full-config';

/** Findings as lines: `code path(target): message`. */
function check(value: unknown): string[] {
  return checkFalcoConfig(value, '0.44.1').map(
    ({ code, path, target, message }) => `${code} ${formatPath(path)}(${target}): ${message}`,
  );
}

test('a configuration that uses every key is fine', () => {
  expect(check(FULL_CONFIG)).toEqual([]);
  expect(check({})).toEqual([]);
});

test('the configuration that uses every key really does', () => {
  const used = JSON.stringify(FULL_CONFIG);
  expect(keysOf(falcoVersion('0.44.1').configSchema()).filter((key) => !used.includes(`"${key}":`))).toEqual([
    'container_engines',
    'bpm',
    'cri',
    'disable_async',
    'sockets',
    'docker',
    'libvirt_lxc',
    'lxc',
    'podman',
    'rule_files',
  ]);
});

describe('unknown keys', () => {
  test.each([
    [
      { http_ouput: {} },
      "unknown-key http_ouput(key): unknown key 'http_ouput'; did you mean 'http_output'?",
    ],
    [
      { http_output: { enabled: false, URL: 'x' } },
      "unknown-key http_output.URL(key): unknown key 'URL'; did you mean 'url'?",
    ],
    [
      { engine: { kind: 'modern_ebpf', buf_size_preset: 4 } },
      "unknown-key engine.buf_size_preset(key): unknown key 'buf_size_preset'; it belongs to engine.kmod or engine.modern_ebpf",
    ],
    [{ init_config: {} }, "unknown-key init_config(key): unknown key 'init_config'; it belongs to plugins[]"],
    [
      { webserver: { enabled: true, watch_config_files: true } },
      "unknown-key webserver.watch_config_files(key): unknown key 'watch_config_files'; it belongs to the top",
    ],
    [
      { grpc: { enabled: true } },
      "unknown-key grpc(key): unknown key 'grpc': Falco 0.44 removed its gRPC server; use http_output",
    ],
    [
      { engine: { kind: 'kmod', ebpf: {} } },
      "unknown-key engine.ebpf(key): unknown key 'ebpf': Falco 0.44 removed the old eBPF probe; use modern_ebpf",
    ],
    [{ constructor: 1 }, "unknown-key constructor(key): unknown key 'constructor'"],
    [JSON.parse('{"__proto__": 1}'), "unknown-key __proto__(key): unknown key '__proto__'"],
    [{ 'a key': 1 }, 'unknown-key "a key"(key): unknown key \'a key\''],
  ])('%j', (config, line) => {
    expect(check(config)).toEqual([line]);
  });

  test('the suggestion stands on its own too', () => {
    expect(checkFalcoConfig({ json_outputs: true }, '0.44.1')).toEqual([
      {
        code: 'unknown-key',
        path: ['json_outputs'],
        target: 'key',
        message: "unknown key 'json_outputs'; did you mean 'json_output'?",
        suggestion: 'json_output',
      },
    ]);
  });
});

describe('wrong values', () => {
  test.each<[unknown, string]>([
    [null, 'wrong-type (value): expected an object, found nothing'],
    [[], 'wrong-type (value): expected an object, found an empty list'],
    [{ json_output: 'yes' }, 'wrong-type json_output(value): expected true or false, found the text "yes"'],
    [{ priority: 3 }, 'wrong-type priority(value): expected text, found 3'],
    [{ output_timeout: 1.5 }, 'wrong-type output_timeout(value): expected a whole number, found 1.5'],
    [
      { syscall_event_drops: { rate: NaN } },
      'wrong-type syscall_event_drops.rate(value): expected a number, found NaN',
    ],
    [{ rules_files: 'a.yaml' }, 'wrong-type rules_files(value): expected a list, found the text "a.yaml"'],
    [{ rules_files: ['a', {}] }, 'wrong-type rules_files[1](value): expected text, found an empty object'],
    [
      { metrics: { interval: new Date(0) } },
      'wrong-type metrics.interval(value): expected text, found a date (put it in quotes)',
    ],
    [{ config_files: [true] }, 'wrong-type config_files[0](value): expected text or an object, found true'],
    [
      { config_files: [{ path: 'a', strategy: 'overide' }] },
      "not-a-choice config_files[0].strategy(value): expected 'append', 'override' or 'add-only', found the text \"overide\"; did you mean 'override'?",
    ],
    [{ config_files: [{ file: 'a' }] }, "missing-key config_files[0](value): missing key 'path'"],
    [{ engine: {} }, "missing-key engine(value): missing key 'kind'"],
    [{ engine: { kind: undefined } }, "missing-key engine(value): missing key 'kind'"],
    [
      { file_output: {} },
      'too-few-keys file_output(value): expected at least 1 of the keys enabled, filename or keep_alive, found an empty object',
    ],
    [
      { capture: { default_duration: -1 } },
      'out-of-range capture.default_duration(value): expected a whole number of at least 0, found -1',
    ],
    [
      { capture: { max_file_size_mb: 2e6 } },
      'out-of-range capture.max_file_size_mb(value): expected a whole number from 0 to 1048576, found 2000000',
    ],
    [
      { plugins: [{ name: 'a', library_path: 'b', init_config: 1 }] },
      'wrong-type plugins[0].init_config(value): expected an object, text or nothing, found 1',
    ],
  ])('%j', (config, line) => {
    expect(check(config)).toEqual([line]);
  });

  test('all findings come at once, in the order of the document', () => {
    expect(check({ webserver: { port: 1 }, priority: null, plugins: [{}] })).toEqual([
      "unknown-key webserver.port(key): unknown key 'port'",
      'wrong-type priority(value): expected text, found nothing',
      "missing-key plugins[0](value): missing key 'library_path'",
      "missing-key plugins[0](value): missing key 'name'",
    ]);
  });

  test('an undefined key counts as absent', () => {
    expect(check({ http_output: undefined, nonsense: undefined })).toEqual([]);
  });
});

describe('what the schema lets through and Falco does not start with', () => {
  test.each<[unknown, string]>([
    [
      { engine: { kind: 'modern-ebpf' } },
      'refused engine.kind(value): Falco takes only modern_ebpf, kmod, replay, nodriver, found "modern-ebpf"; did you mean \'modern_ebpf\'?',
    ],
    [
      { engine: { kind: 'replay' } },
      "refused engine(value): engine.kind 'replay' needs a replay.capture_file",
    ],
    [{ rule_matching: 'any' }, 'refused rule_matching(value): Falco takes only first, all, found "any"'],
    [
      { libs_logger: { severity: 'warn' } },
      'refused libs_logger.severity(value): Falco takes only fatal, critical, error, warning, notice, info, debug, trace, found "warn"',
    ],
    [{ http_output: { enabled: true } }, 'refused http_output(value): an enabled http_output needs a url'],
    [
      { file_output: { enabled: true, filename: '' } },
      'refused file_output(value): an enabled file_output needs a filename',
    ],
    [
      { webserver: { listen_address: 'localhost' } },
      'refused webserver.listen_address(value): expected an IP address, found "localhost"',
    ],
    [
      { syscall_event_drops: { threshold: 2 } },
      'refused syscall_event_drops.threshold(value): expected a number from 0 to 1, found 2',
    ],
    [
      { syscall_event_timeouts: { max_consecutives: 0 } },
      'refused syscall_event_timeouts.max_consecutives(value): expected a whole number of at least 1, found 0',
    ],
    [
      { syscall_event_drops: { actions: ['ignore', 'log'] } },
      "refused syscall_event_drops.actions(value): 'ignore' goes with neither 'log' nor 'alert'",
    ],
    [
      { syscall_event_drops: { actions: ['alerts'] } },
      'refused syscall_event_drops.actions[0](value): Falco takes only ignore, log, alert, exit, found "alerts"; did you mean \'alert\'?',
    ],
    [
      { load_plugins: ['containers'], plugins: [{ name: 'container', library_path: 'libcontainer.so' }] },
      "refused load_plugins[0](value): plugin 'containers' has no entry in plugins; did you mean 'container'?",
    ],
    [
      {
        load_plugins: ['container', 'container'],
        plugins: [{ name: 'container', library_path: 'libcontainer.so' }],
      },
      "refused load_plugins[1](value): plugin 'container' is named twice",
    ],
    [{ rule_files: [] }, "ignored rule_files(key): Falco does not read 'rule_files'; use rules_files"],
    [
      { container_engines: {} },
      "ignored container_engines(key): Falco does not read 'container_engines'; its settings belong to init_config of the container plugin",
    ],
  ])('%j', (config, line) => {
    expect(check(config)).toEqual([line]);
  });

  test.each<unknown>([
    { priority: 'Warning' },
    { priority: 'INFO' },
    { rule_matching: 'First' },
    { priority: '${PRIORITY}' },
    { webserver: { listen_address: '${ADDRESS}' } },
    { http_output: { enabled: false, url: '' } },
    { load_plugins: [] },
  ])('%j is fine', (config) => {
    expect(check(config)).toEqual([]);
  });
});

test.each([
  ['0.0.0.0', true],
  ['127.0.0.1', true],
  ['::', true],
  ['::1', true],
  ['fd00::10.0.0.1', true],
  ['fe80::1%eth0', true],
  [' 10.0.0.1 ', true],
  ['', false],
  ['256.0.0.1', false],
  ['01.2.3.4', false],
  ['1.2.3', false],
  ['1.2.3.4.5', false],
  ['[::1]', false],
  [':::', false],
  ['1::2::3', false],
  ['fd00::1]/x', false],
  ['0.0.0.0:8765', false],
])('listen_address %j: %s', (listen_address, right) => {
  expect(check({ webserver: { listen_address } })).toHaveLength(right ? 0 : 1);
});

describe('assertFalcoConfig', () => {
  test('throws one error that holds all findings', () => {
    const error = thrownBy(() => {
      assertFalcoConfig({ jsonoutput: true, plugins: [{ name: 'a', library_path: 1 }] }, '0.44.1');
    });
    expect(error).toBeInstanceOf(FalcoConfigError);
    expect(error).toMatchObject({ code: 'INVALID_FALCO_CONFIG', version: '0.44.1' });
    expect((error as FalcoConfigError).findings).toHaveLength(2);
    expect((error as FalcoConfigError).message).toBe(
      [
        'The Falco configuration is not right for Falco 0.44.1:',
        "  jsonoutput: unknown key 'jsonoutput'; did you mean 'json_output'?",
        '  plugins[0].library_path: expected text, found 1',
      ].join('\n'),
    );
  });

  test('lets a right one pass', () => {
    expect(() => {
      assertFalcoConfig(FULL_CONFIG, '0.44.1');
    }).not.toThrow();
  });
});

function thrownBy(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Every key that a schema knows, each once. */
function keysOf(node: SchemaNode): string[] {
  if (node.is === 'list') return keysOf(node.of);
  if (node.is === 'union') return node.of.flatMap(keysOf);
  if (node.is !== 'object') return [];
  return [...new Set(Object.entries(node.keys).flatMap(([key, child]) => [key, ...keysOf(child)]))];
}
