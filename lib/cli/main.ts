import { processStreams } from '../synth/process-streams';
import type { ExitCode } from '../synth/report';

const streams = processStreams();

/** Each command loads what it needs and no more: whoever checks rules doesn't wait for cdk8s. */
async function run(args: readonly string[]): Promise<ExitCode> {
  const [group, ...rest] = args;
  if (group === 'rules') return (await import('./rules/rules.js')).runRules(rest, streams);
  if (group === 'advise') return (await import('./advise/advise.js')).runAdvise(rest, streams);
  if (group === 'who') return (await import('./who/who.js')).runWho(rest, streams);
  if (group === 'report') return (await import('./report/report.js')).runReport(rest, streams);
  if (group === 'quarantine')
    return (await import('./quarantine/quarantine.js')).runQuarantine(rest, streams);
  return (await import('./program.js')).runProgram(args, streams);
}

void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
