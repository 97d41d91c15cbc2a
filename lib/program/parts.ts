import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_PART_BASE64 } from './part-size';

/** One part of the compressed program: what one ConfigMap holds as `binaryData`. */
export interface ProgramPart {
  /** Name of the file in the Pod, such as `program.br.00`. */
  readonly name: string;
  /** Its bytes. */
  readonly base64: string;
}

/** The program that runs in the cluster, as the ConfigMaps carry it. */
export interface Program {
  /** Digest of the program; the Pod's environment variable `PROGRAM_SHA256` says the same. */
  readonly sha256: string;
  /** Text of `start.cjs`, which joins, checks and runs the parts. */
  readonly start: string;
  /** Text of `index.json`, from which `start.cjs` knows the parts; it lies beside it. */
  readonly index: string;
  /** The parts, in order. */
  readonly parts: readonly ProgramPart[];
}

/** The built program is missing, or not what it says it is. */
class ProgramError extends Error {
  override readonly name = 'ProgramError';

  constructor(
    readonly code: 'PROGRAM_NOT_BUILT' | 'PROGRAM_BROKEN' | 'PROGRAM_PART_TOO_LARGE',
    message: string,
  ) {
    super(message);
  }
}

interface Index {
  readonly sha256: string;
  readonly parts: readonly { readonly file: string; readonly sha256: string }[];
}

/** Where `npm run build` puts the program, seen from `dist/main.js`, from `dist/lib/program/` and from this source. */
const FOLDERS = ['program', '../../program', '../../dist/program'];

/** The folder with the built program. */
export function programFolder(): string {
  const folders = FOLDERS.map((folder) => join(__dirname, folder));
  return folders.find((folder) => existsSync(join(folder, 'index.json'))) ?? join(__dirname, 'program');
}

/** Reads the built program, and checks that its parts are whole and fit into ConfigMaps. */
export function readProgram(folder: string = programFolder()): Program {
  const read = (file: string): Buffer => {
    try {
      return readFileSync(join(folder, file));
    } catch {
      throw new ProgramError(
        'PROGRAM_NOT_BUILT',
        `${join(folder, file)} is missing: run \`npm run build\` first`,
      );
    }
  };
  const index = read('index.json').toString('utf8');
  const { sha256, parts } = JSON.parse(index) as Index;
  return {
    sha256,
    start: read('start.cjs').toString('utf8'),
    index,
    parts: parts.map((part) => {
      const bytes = read(part.file);
      if (createHash('sha256').update(bytes).digest('hex') !== part.sha256) {
        const message = `${join(folder, part.file)} is not the part that index.json names: run \`npm run build\` again`;
        throw new ProgramError('PROGRAM_BROKEN', message);
      }
      return fitting({ name: part.file, base64: bytes.toString('base64') });
    }),
  };
}

/** The part, if it fits into a ConfigMap that `kubectl apply` takes. */
export function fitting(part: ProgramPart): ProgramPart {
  if (part.base64.length <= MAX_PART_BASE64) return part;
  const message = `${part.name} takes ${part.base64.length} bytes as base64, at most ${MAX_PART_BASE64} fit into a ConfigMap`;
  throw new ProgramError('PROGRAM_PART_TOO_LARGE', message);
}
