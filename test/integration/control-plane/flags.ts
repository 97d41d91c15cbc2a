import { join } from 'node:path';

import type { Credentials } from './credentials';

/** The command-line flags of one server, without the leading dashes. */
export type Flags = Readonly<Record<string, string>>;

/** Where the servers of one control plane listen, always at 127.0.0.1. */
export interface Ports {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiServer: number;
}

/** A single etcd that forgets everything with its folder, so it need not wait for the disk. */
export function etcdFlags(folder: string, ports: Ports): Flags {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return {
    'data-dir': join(folder, 'etcd'),
    'unsafe-no-fsync': 'true',
    'log-level': 'warn',
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
  };
}

/** The folder in which the API server makes its serving certificate. */
function certificateFolder(folder: string): string {
  return join(folder, 'certificates');
}

/** The certificate that clients must trust: the API server's own and its authority's, in one file. */
export function certificateFile(folder: string): string {
  return join(certificateFolder(folder), 'apiserver.crt');
}

/** An API server with the admission and authorization of a hardened cluster. */
export function apiServerFlags(folder: string, ports: Ports, credentials: Credentials): Flags {
  return {
    'etcd-servers': `http://127.0.0.1:${ports.etcd}`,
    'bind-address': '127.0.0.1',
    'advertise-address': '127.0.0.1',
    'secure-port': String(ports.apiServer),
    'cert-dir': certificateFolder(folder),
    'token-auth-file': credentials.tokenFile,
    'authorization-mode': 'Node,RBAC',
    // PodSecurity and ServiceAccount are on by default.
    'enable-admission-plugins': 'NodeRestriction',
    // Without it every privileged container is refused, whatever the namespace allows.
    'allow-privileged': 'true',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': credentials.serviceAccountKeyFile,
    'service-account-signing-key-file': credentials.serviceAccountKeyFile,
    'service-cluster-ip-range': '10.96.0.0/16',
    // An endpoint on loopback would be refused.
    'endpoint-reconciler-type': 'none',
  };
}

/** The controllers, each with the RBAC of its own ServiceAccount as in a real cluster. */
export function controllerManagerFlags(folder: string, kubeconfig: string, credentials: Credentials): Flags {
  return {
    kubeconfig,
    'leader-elect': 'false',
    'secure-port': '0',
    'use-service-account-credentials': 'true',
    // The default of 20 requests a second makes the start take seconds longer.
    'kube-api-qps': '1000',
    'kube-api-burst': '1000',
    'service-account-private-key-file': credentials.serviceAccountKeyFile,
    'root-ca-file': certificateFile(folder),
  };
}

/** The scheduler; without Nodes it only says so on each Pod. */
export function schedulerFlags(kubeconfig: string): Flags {
  return { kubeconfig, 'leader-elect': 'false', 'secure-port': '0' };
}
