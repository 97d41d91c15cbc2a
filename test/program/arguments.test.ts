import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELP, parseArguments, RESPONDER_CONFIG_FILE, SECRETS_SPEC_FILE } from '../../lib/program/arguments';

test.each([
  [['responder'], { name: 'responder', config: RESPONDER_CONFIG_FILE }],
  [['responder', '--config', 'x'], { name: 'responder', config: 'x' }],
  [['secrets'], { name: 'secrets', spec: SECRETS_SPEC_FILE }],
  [['secrets', '--spec=y'], { name: 'secrets', spec: 'y' }],
  [['uninstall', '--mode', 'report'], { name: 'uninstall', config: RESPONDER_CONFIG_FILE, mode: 'report' }],
  [['uninstall', '--mode=release', '--config', 'x'], { name: 'uninstall', config: 'x', mode: 'release' }],
  [['--version'], { name: 'version' }],
  [['secrets', '-h'], { name: 'help' }],
])('%j is understood', (args, command) => {
  expect(parseArguments(args)).toEqual(command);
});

test.each([
  [[], /a command is missing: expected responder, secrets, uninstall/],
  [['secret'], /unknown command "secret"/],
  [['secrets', 'x'], /unexpected argument "x"/],
  [['secrets', '--config', 'x'], /--config is no option of secrets/],
  [['responder', '--spec', 'x'], /--spec is no option of responder/],
  [['responder', '--mode', 'report'], /--mode is no option of responder/],
  [['uninstall'], /--mode report or --mode release is missing/],
  [['uninstall', '--mode', 'delete'], /--mode report or --mode release is missing/],
  [['responder', '--port', '1'], /--port/],
])('%j is refused', (args, message) => {
  expect(() => parseArguments(args)).toThrow(message);
});

test.each([
  ['30-responder.yaml', RESPONDER_CONFIG_FILE],
  ['10-secrets.yaml', SECRETS_SPEC_FILE],
])('without arguments it reads what %s mounts: %s', (manifest, file) => {
  const text = readFileSync(join(__dirname, '../../manifests/default', manifest), 'utf8');
  expect(text).toContain(`- ${file}\n`);
  expect(HELP).toContain(`FILE is ${file} if not given`);
});
