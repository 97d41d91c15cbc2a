import type { Program } from '../../lib/program/parts';

/** A small program, so that snapshots do not change with every line of the real one. */
export const FAKE_PROGRAM: Program = {
  sha256: 'f'.repeat(64),
  start: '// start\n',
  index: '{}\n',
  parts: [
    { name: 'program.br.00', base64: 'AAAA' },
    { name: 'program.br.01', base64: 'BBBB' },
  ],
};
