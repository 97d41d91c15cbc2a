#!/usr/bin/env node
/**
 * Runs a server for as long as its parent lives, however the parent ends:
 *
 *     node guard.mjs TEMPORARY_FOLDER LOG_FILE PROGRAM [ARGUMENT…]
 *
 * The parent holds the write end of our stdin; its end (also by SIGKILL) closes it. Then the server is stopped and
 * TEMPORARY_FOLDER removed. Anything that the parent writes stops the server alone, so that another may go on in the
 * folder. A server that ends by itself ends the guard with it.
 */
import { spawn } from 'node:child_process';
import { openSync, rmSync } from 'node:fs';

const [folder, logFile, program, ...args] = process.argv.slice(2);
const log = openSync(logFile, 'a');
const server = spawn(program, args, { stdio: ['ignore', log, log] });
let stopping = false;

function stop() {
  if (stopping) return;
  stopping = true;
  // What it would tidy up is thrown away anyway, and a graceful end takes the API server seconds.
  server.kill('SIGKILL');
}

server.once('error', (error) => {
  console.error(error.message);
  process.exit(127);
});
server.once('exit', (code) => {
  // Several guards share the folder; the last to get here leaves nothing behind.
  if (stopping) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  process.exit(stopping ? 0 : (code ?? 1));
});
process.stdin.once('close', stop).on('data', () => server.kill('SIGKILL'));
process.on('SIGINT', stop).on('SIGTERM', stop);
