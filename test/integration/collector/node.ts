import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const POD = 'falco_falco-egress-falco-x7k2p_6f1d2c4e-0a3b-4c5d-8e9f-001122334455';

/** The directories of a node that the collector sees. */
export class NodeDirectories {
  readonly root = mkdtempSync(join(tmpdir(), 'falco-egress-node-'));
  readonly logs = join(this.root, 'pods');
  readonly state = join(this.root, 'state');
  readonly token = join(this.root, 'token');
  readonly tls = join(this.root, 'tls');
  private tokens = 0;

  constructor() {
    for (const folder of [this.logs, this.state, this.token, this.tls]) mkdirSync(folder);
  }

  /** The log of a container; of Falco's by default. */
  log(pod = POD, container = 'falco'): ContainerLog {
    const folder = join(this.logs, pod, container);
    mkdirSync(folder, { recursive: true });
    return new ContainerLog(folder);
  }

  /** Writes a token as the kubelet does: into a new directory, to which a link is swapped. */
  writeToken(token: string): void {
    const version = `..version_${this.tokens++}`;
    mkdirSync(join(this.token, version));
    writeFileSync(join(this.token, version, 'token'), token);
    symlinkSync(version, join(this.token, '..data_tmp'));
    renameSync(join(this.token, '..data_tmp'), join(this.token, '..data'));
    if (this.tokens === 1) symlinkSync('..data/token', join(this.token, 'token'));
    else rmSync(join(this.token, `..version_${this.tokens - 2}`), { recursive: true });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The log of a container in the format of the container runtime interface. */
export class ContainerLog {
  private readonly file: string;

  constructor(private readonly folder: string) {
    this.file = join(folder, '0.log');
  }

  /** What the container writes to stdout, a line at a time. */
  stdout(...lines: readonly string[]): void {
    this.write(lines.map((line) => `${time()} stdout F ${line}\n`).join(''));
  }

  /** What it writes to stderr. */
  stderr(...lines: readonly string[]): void {
    this.write(lines.map((line) => `${time()} stderr F ${line}\n`).join(''));
  }

  /** A part of a line that goes on. */
  part(text: string): void {
    this.write(`${time()} stdout P ${text}\n`);
  }

  /** Anything. */
  write(text: string): void {
    appendFileSync(this.file, text);
  }

  /** What the kubelet does with a log that is full. */
  rotate(): void {
    renameSync(this.file, join(this.folder, '0.log.20260801-101500'));
  }
}

let clock = Date.parse('2026-08-01T10:00:00Z');

/** A time of its own for each line, with nanoseconds. */
function time(): string {
  clock += 1;
  return new Date(clock).toISOString().replace('Z', '456789Z');
}
