/**
 * Starts the program out of the files that lie beside this script, where one projected volume joins the ConfigMaps:
 * reads its parts, checks them, unpacks them in memory, and runs them.
 *
 *     PROGRAM_SHA256=<digest> node start.cjs <arguments of the program>
 *
 * It writes nothing, so a read-only root and any user will do. What is wrong is one line of JSON on stderr; exit code 2.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { Module } from 'node:module';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

interface Index {
  readonly sha256: string;
  readonly size: number;
  readonly parts: readonly { readonly file: string; readonly sha256: string }[];
}

class StartError extends Error {
  override readonly name = 'StartError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function read(file: string, code: string): Buffer {
  try {
    return readFileSync(join(__dirname, file));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(
      code,
      `${file} is missing beside start.cjs; are all ConfigMaps of the program mounted? ${why}`,
    );
  }
}

function readIndex(): Index {
  const text = read('index.json', 'PROGRAM_INDEX_MISSING').toString('utf8');
  try {
    return JSON.parse(text) as Index;
  } catch {
    throw new StartError(
      'PROGRAM_INDEX_BROKEN',
      'index.json beside start.cjs is not JSON; apply the ConfigMaps again',
    );
  }
}

function readProgram(wanted: string | undefined): string {
  if (wanted === undefined || wanted === '') {
    throw new StartError(
      'PROGRAM_DIGEST_UNSET',
      'the environment variable PROGRAM_SHA256 must hold the digest of the program',
    );
  }
  const index = readIndex();
  if (index.sha256 !== wanted) {
    const message = `the ConfigMaps hold program ${index.sha256}, PROGRAM_SHA256 asks for ${wanted}; apply both from one version`;
    throw new StartError('PROGRAM_DIGEST_DIFFERS', message);
  }
  const parts = index.parts.map(({ file, sha256: digest }) => {
    const part = read(file, 'PROGRAM_PART_MISSING');
    if (sha256(part) === digest) return part;
    throw new StartError(
      'PROGRAM_PART_DIFFERS',
      `${file} is not the part that index.json names; apply the ConfigMaps again`,
    );
  });
  const program = brotliDecompressSync(Buffer.concat(parts), { maxOutputLength: index.size });
  if (sha256(program) === wanted) return program.toString('utf8');
  throw new StartError(
    'PROGRAM_DIGEST_DIFFERS',
    `the parts make program ${sha256(program)}, PROGRAM_SHA256 asks for ${wanted}`,
  );
}

function run(source: string): void {
  const filename = join(__dirname, 'program.js');
  // The method by which Node itself compiles a CommonJS file; its types leave it out.
  const program = new Module(filename) as Module & { _compile(source: string, filename: string): void };
  program.filename = filename;
  program._compile(source, filename);
}

try {
  run(readProgram(process.env['PROGRAM_SHA256']));
} catch (error) {
  const code = error instanceof StartError ? error.code : 'PROGRAM_BROKEN';
  const message = error instanceof Error ? error.message : String(error);
  writeSync(2, JSON.stringify({ time: new Date().toISOString(), level: 'error', code, message }) + '\n');
  process.exit(2);
}
