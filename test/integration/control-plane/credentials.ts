import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Who may talk to a control plane, and with what. The API server makes its own serving certificate (it signs
 * one for its address when it is given none), so that no `openssl` is needed.
 */
export interface Credentials {
  readonly adminToken: string;
  readonly controllerManagerToken: string;
  readonly schedulerToken: string;
  /** `--token-auth-file` */
  readonly tokenFile: string;
  /** Signs and verifies the tokens of ServiceAccounts. */
  readonly serviceAccountKeyFile: string;
}

/** Makes new credentials in `folder`. */
export async function createCredentials(folder: string): Promise<Credentials> {
  const token = (): string => randomBytes(24).toString('hex');
  const credentials: Credentials = {
    adminToken: token(),
    controllerManagerToken: token(),
    schedulerToken: token(),
    tokenFile: join(folder, 'tokens.csv'),
    serviceAccountKeyFile: join(folder, 'service-account.key'),
  };
  const users = [
    `${credentials.adminToken},admin,admin,system:masters`,
    `${credentials.controllerManagerToken},system:kube-controller-manager,system:kube-controller-manager`,
    `${credentials.schedulerToken},system:kube-scheduler,system:kube-scheduler`,
  ];
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await writeFile(credentials.tokenFile, `${users.join('\n')}\n`, { mode: 0o600 });
  await writeFile(credentials.serviceAccountKeyFile, privateKey.export({ type: 'sec1', format: 'pem' }), {
    mode: 0o600,
  });
  return credentials;
}

/** Writes a kubeconfig (as JSON, which is YAML) with one cluster and one user, and returns its path. */
export async function writeKubeconfig(
  path: string,
  access: { readonly url: string; readonly caFile: string; readonly token: string },
): Promise<string> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: access.url, 'certificate-authority': access.caFile } }],
    users: [{ name: 'test', user: { token: access.token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  };
  await writeFile(path, JSON.stringify(config, null, 2), { mode: 0o600 });
  return path;
}
