import { parseArguments, RESPONDER_CONFIG_FILE, SECRETS_SPEC_FILE } from '../../lib/program/arguments';

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
