import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { attachedControlPlane } from './control-plane/attached';
import { binaries, type Binaries } from './control-plane/binaries';
import { createCredentials, writeKubeconfig } from './control-plane/credentials';
import * as flags from './control-plane/flags';
import { freePorts } from './control-plane/free-ports';
import { kubectlWith, type Kubectl } from './control-plane/kubectl';
import { ServerProcess } from './control-plane/server-process';
import { answersOk, waitUntil } from './control-plane/wait';

const ATTEMPTS = 3;

/** What to start. */
export interface ControlPlaneOptions {
  /** Also run the scheduler. @default false */
  readonly scheduler?: boolean;
  /** Flags of the API server on top of, or instead of, ours; without dashes. @default none */
  readonly apiServerFlags?: flags.Flags;
  /** Its servers will be restarted: one that is shared won't do. @default false */
  readonly own?: boolean;
  /** How long all of it may take to become ready, in milliseconds. @default 90000 */
  readonly timeoutMs?: number;
}

/** Servers of a control plane of one's own. */
type Servers = Readonly<Partial<Record<'etcd' | 'apiServer', RestartableServer>>>;

/** A server that can be taken away for a while. */
export interface RestartableServer {
  /** Ends it at once; what it has stored stays. */
  crash(): Promise<void>;
  /** Begins it again, and waits until the API is ready. */
  begin(): Promise<void>;
}

/** A running Kubernetes control plane: real API, admission, RBAC and controllers; no Nodes. */
export interface ControlPlane {
  /** Runs the pinned kubectl as cluster admin; `--as` and `--token` make it somebody else. */
  readonly kubectl: Kubectl;
  /** Path of the admin's kubeconfig. */
  readonly kubeconfig: string;
  /** The API server's address, `https://127.0.0.1:…`. */
  readonly url: string;
  /** A bearer token of the group system:masters. */
  readonly adminToken: string;
  /** Path of the PEM file to trust when talking to `url`. */
  readonly caFile: string;
  /** A folder for the test's own files, removed with the control plane. */
  readonly folder: string;
  /** Servers that a test may let crash and begin again; none of a control plane that is shared. */
  readonly servers: Servers;
  /** Stops everything and removes `folder`. */
  stop(): Promise<void>;
}

/**
 * Starts etcd, kube-apiserver and kube-controller-manager on free ports of the loopback address, and waits
 * until the API is ready and Pods can be created in the namespace `default`. Takes about five seconds once the
 * programs are built; when this process ends in any way, so do the servers.
 *
 * With FALCO_EGRESS_CONTROL_PLANE set to the folder of one that `tools/control-plane/up.ts` keeps running,
 * nothing is started and that one is used.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const programs = await binaries();
  const running = options.own === true ? undefined : process.env['FALCO_EGRESS_CONTROL_PLANE'];
  if (running !== undefined && running !== '') return attachedControlPlane(running, programs.kubectl);
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(programs, options);
    } catch (error) {
      // Somebody took a port between our choosing and using it.
      const lostPort = error instanceof Error && /address already in use/.test(error.message);
      if (!lostPort || attempt === ATTEMPTS) throw error;
    }
  }
}

async function start(programs: Binaries, options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), 'falco-egress-control-plane-'));
  const servers: ServerProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    return await startServers(programs, options, folder, servers, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startServers(
  programs: Binaries,
  options: ControlPlaneOptions,
  folder: string,
  servers: ServerProcess[],
  stop: () => Promise<void>,
): Promise<ControlPlane> {
  const run = (name: string, path: string, with_: flags.Flags): ServerProcess => {
    const server = ServerProcess.start(name, path, with_, folder);
    servers.push(server);
    return server;
  };
  const ready = async (
    server: ServerProcess,
    what: string,
    condition: () => Promise<boolean>,
  ): Promise<void> => {
    const timeoutMs = options.timeoutMs ?? 90_000;
    const checked = async (): Promise<boolean> => {
      await Promise.all(servers.map((each) => each.check()));
      return condition();
    };
    await waitUntil(checked, timeoutMs, () => server.error(`has not ${what} after ${timeoutMs / 1000} s`));
  };

  const credentials = await createCredentials(folder);
  const [etcd = 0, etcdPeer = 0, apiServerPort = 0] = await freePorts(3);
  const ports = { etcd, etcdPeer, apiServer: apiServerPort };
  const url = `https://127.0.0.1:${apiServerPort}`;
  const caFile = flags.certificateFile(folder);
  const kubeconfigFor = (name: string, token: string): Promise<string> =>
    writeKubeconfig(join(folder, `${name}.kubeconfig`), { url, caFile, token });

  const etcdServer = run('etcd', programs.etcd, flags.etcdFlags(folder, ports));
  const apiServer = run('kube-apiserver', programs.apiServer, {
    ...flags.apiServerFlags(folder, ports, credentials),
    ...options.apiServerFlags,
  });
  const adminToken = credentials.adminToken;
  const apiReady = (): Promise<void> =>
    ready(apiServer, 'become ready', () => answersOk(`${url}/readyz`, caFile, adminToken));
  await apiReady();

  const managerConfig = await kubeconfigFor('kube-controller-manager', credentials.controllerManagerToken);
  const manager = run(
    'kube-controller-manager',
    programs.controllerManager,
    flags.controllerManagerFlags(folder, managerConfig, credentials),
  );
  if (options.scheduler === true) {
    const config = await kubeconfigFor('kube-scheduler', credentials.schedulerToken);
    run('kube-scheduler', programs.scheduler, flags.schedulerFlags(config));
  }
  // A Pod is refused until its ServiceAccount exists.
  const defaultAccount = `${url}/api/v1/namespaces/default/serviceaccounts/default`;
  await ready(manager, 'made a default ServiceAccount', () => answersOk(defaultAccount, caFile, adminToken));

  const home = join(folder, 'home');
  await mkdir(home);
  const kubeconfig = await kubeconfigFor('admin', adminToken);
  const kubectl = kubectlWith(programs.kubectl, kubeconfig, home);
  const restartable = (server: ServerProcess): RestartableServer => ({
    crash: () => server.crash(),
    begin: () => {
      server.begin();
      return apiReady();
    },
  });
  const restartables = { etcd: restartable(etcdServer), apiServer: restartable(apiServer) };
  return { kubectl, kubeconfig, url, adminToken, caFile, folder: home, servers: restartables, stop };
}
