#!/usr/bin/env node
/**
 * Builds the OpenTelemetry Collector that the integration tests run, from the Go module pinned beside this file.
 *
 *     node tools/otelcol/build.mjs
 *
 * stdout: one JSON object, program name to path. stderr: progress. What is already in the cache is not built again, and
 * needs no Go. The first build takes about two minutes on two cores.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../control-plane/cache.mjs';
import { checkGo, goEnvironment } from '../control-plane/go.mjs';

const SOURCE = import.meta.dirname;
const FLAGS = ['-trimpath', '-buildvcs=false', '-ldflags=-s -w'];

/** Where the program goes: another folder for every change of what it is made of. */
function home() {
  const files = ['go.mod', 'go.sum', 'main.go'].map((file) => readFileSync(join(SOURCE, file), 'utf8'));
  const key = createHash('sha256')
    .update(JSON.stringify([files, FLAGS, process.platform, process.arch]))
    .digest('hex');
  return join(dirname(cacheFolder()), 'otelcol', key.slice(0, 20));
}

function build(target) {
  checkGo(SOURCE);
  mkdirSync(dirname(target), { recursive: true });
  const unfinished = mkdtempSync(`${target}.unfinished-`);
  try {
    const started = Date.now();
    console.error('otelcol: building the OpenTelemetry Collector …');
    const { error, status } = spawnSync('go', ['build', ...FLAGS, '-o', join(unfinished, 'otelcol'), '.'], {
      cwd: SOURCE,
      env: goEnvironment(),
      // stdout is ours alone: it carries the JSON.
      stdio: ['ignore', process.stderr, 'inherit'],
    });
    if (error !== undefined || status !== 0) throw error ?? new Error(`go build failed (exit ${status})`);
    console.error(`otelcol: built in ${Math.round((Date.now() - started) / 1000)} s`);
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another build of the same key may have been first; its program is as good as ours.
    if (!existsSync(join(target, 'otelcol'))) throw error;
  }
}

try {
  const target = home();
  if (!existsSync(join(target, 'otelcol'))) build(target);
  console.log(JSON.stringify({ otelcol: join(target, 'otelcol') }, null, 2));
} catch (error) {
  console.error(`otelcol: ${error.message}`);
  process.exitCode = 1;
}
