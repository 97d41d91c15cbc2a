import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELP, parseArguments, RESPONDER_CONFIG_FILE, SECRETS_SPEC_FILE } from '../../lib/program/arguments';

test.each([
  [['responder'], { name: 'responder', config: RESPONDER_CONFIG_FILE }],
  [['responder', '--config', 'x'], { name: 'responder', config: 'x' }],
  [['secrets'], { name: 'secrets', spec: SECRETS_SPEC_FILE }],
  [['secrets', '--spec=y'], { name: 'secrets', spec: 'y' }],
  [['--version'], { name: 'version' }],
  [['secrets', '-h'], { name: 'help' }],
])('%j is understood', (args, command) => {
  expect(parseArguments(args)).toEqual(command);
});

test.each([
  [[], /a command is missing: expected responder or secrets/],
  [['secret'], /unknown command "secret"/],
  [['secrets', 'x'], /unexpected argument "x"/],
  [['secrets', '--config', 'x'], /--config goes with responder/],
  [['responder', '--spec', 'x'], /--spec goes with secrets/],
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
