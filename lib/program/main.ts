/** The one program that runs in the cluster: see `arguments.ts` for what it can do. */
import { setTimeout as pause } from 'node:timers/promises';
import { realCluster } from '../responder/cluster/real-cluster';
import { parseConfig } from '../responder/config';
import { ResponderMetrics } from '../responder/report/responder-metrics';
import { sendTo } from '../responder/report/send-alert';
import { runReloading } from '../responder/reload';
import { checkStart, startResponder } from '../responder/run';
import { clusterHoldings } from '../responder/uninstall/holdings';
import { runUninstall } from '../responder/uninstall/uninstall';
import { clusterSecrets } from '../secrets-job/cluster';
import { runSecretsJob } from '../secrets-job/job';
import { parseSecretsSpec } from '../secrets-job/spec';
import { VERSION } from '../version';
import { HELP, parseArguments, type Command } from './arguments';
import { connect } from './cluster-connection';
import { describe } from './failure';
import { readJsonFile } from './fields';
import { jsonLog } from './log';

const log = jsonLog((line) => process.stdout.write(line));

async function main(args: readonly string[]): Promise<number> {
  const command = parseArguments(args);
  switch (command.name) {
    case 'help':
      process.stdout.write(HELP);
      return 0;
    case 'version':
      process.stdout.write(`${VERSION}\n`);
      return 0;
    case 'secrets':
      return runSecretsJob(readJsonFile(command.spec, parseSecretsSpec), clusterSecrets(log), log);
    case 'responder':
      return respond(command.config);
    case 'uninstall':
      return uninstall(command);
  }
}

function uninstall({ config: file, mode }: Extract<Command, { readonly name: 'uninstall' }>): Promise<0 | 1> {
  const config = readJsonFile(file, parseConfig);
  const { sidekickUrl, tls } = config;
  return runUninstall({
    ...{ mode, config, log, pause },
    holdings: clusterHoldings(connect),
    send: sidekickUrl === undefined ? undefined : sendTo(sidekickUrl, tls),
  });
}

async function respond(configFile: string): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stop.abort();
    });
  }
  const metrics = new ResponderMetrics();
  const cluster = realCluster({
    log,
    ended: ({ status }) => {
      metrics.call(status);
    },
  });
  const token = process.env['RESPONDER_TOKEN'];
  await runReloading({
    file: configFile,
    stop: stop.signal,
    log,
    check: (config) => checkStart({ config, token }),
    start: (config) => startResponder({ config, cluster, metrics, version: VERSION, token, log }),
  });
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const { code, message } = describe(error);
    jsonLog((line) => process.stderr.write(line))('error', message, { code });
    process.exitCode = 2;
  },
);
