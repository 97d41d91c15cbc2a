import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { MAX_PART_BASE64 } from '../../lib/program/part-size';
import { fitting, programFolder, readProgram } from '../../lib/program/parts';

/** `kubectl apply` keeps the object in an annotation of at most this. */
const ANNOTATION_LIMIT = 256 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'falco-egress-parts-'));
beforeEach(() => {
  cpSync(programFolder(), folder, { recursive: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('the built program comes in parts that fit into ConfigMaps', () => {
  const program = readProgram();
  expect(program.parts.length).toBeGreaterThan(0);
  for (const part of program.parts) expect(part.base64.length).toBeLessThanOrEqual(MAX_PART_BASE64);
  const joined = Buffer.concat(program.parts.map((part) => Buffer.from(part.base64, 'base64')));
  expect(brotliDecompressSync(joined).equals(readFileSync(join(programFolder(), 'program.js')))).toBe(true);
});

test('a ConfigMap of a part of the greatest size passes kubectl apply', () => {
  const metadata = { name: 'a'.repeat(63), namespace: 'b'.repeat(63), labels: {} };
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    binaryData: { 'program.br.00': 'x'.repeat(MAX_PART_BASE64) },
  };
  expect(JSON.stringify(object).length).toBeLessThan(ANNOTATION_LIMIT * 0.8);
});

test('start script and index are small beside it', () => {
  const { start, index } = readProgram();
  expect(start.length + index.length).toBeLessThan(16 * 1024);
});

test('a part above the limit is refused', () => {
  const base64 = 'x'.repeat(MAX_PART_BASE64 + 1);
  expect(() => fitting({ name: 'program.br.00', base64 })).toThrow(
    expect.objectContaining({
      code: 'PROGRAM_PART_TOO_LARGE',
      message: expect.stringContaining('program.br.00') as string,
    }) as Error,
  );
});

test('no machine path stands in the program', () => {
  const text = readFileSync(join(programFolder(), 'program.js'), 'utf8');
  expect(text).not.toContain(process.cwd());
  expect(text).not.toMatch(/node_modules\//);
});

test('a missing build says how to build', () => {
  expect(() => readProgram(join(folder, 'nothing'))).toThrow(
    expect.objectContaining({
      code: 'PROGRAM_NOT_BUILT',
      message: expect.stringContaining('npm run build') as string,
    }) as Error,
  );
});

test('a part that is not its own is refused', () => {
  writeFileSync(join(folder, 'program.br.00'), 'x');
  expect(() => readProgram(folder)).toThrow(expect.objectContaining({ code: 'PROGRAM_BROKEN' }) as Error);
});
