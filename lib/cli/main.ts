import { processStreams } from '../synth/process-streams';
import type { ExitCode } from '../synth/report';

const streams = processStreams();

/** Each command loads what it needs and no more: whoever checks rules doesn't wait for cdk8s. */
async function run(args: readonly string[]): Promise<ExitCode> {
  if (args[0] !== 'rules') return (await import('./program.js')).runProgram(args, streams);
  return (await import('./rules.js')).runRules(args.slice(1), streams);
}

void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
