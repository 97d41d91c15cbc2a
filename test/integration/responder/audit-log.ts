import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A write that the API server has answered. */
export interface AuditedWrite {
  readonly user: string;
  readonly verb: string;
  /** Such as `pods`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly status: number;
}

/** What the API server itself says was written by ServiceAccounts, whatever becomes of whoever asked. */
export class AuditLog {
  private readonly folder = mkdtempSync(join(tmpdir(), 'falco-egress-audit-'));
  private readonly log = join(this.folder, 'audit.log');

  /** Flags for the API server. */
  readonly flags: Readonly<Record<string, string>>;

  constructor() {
    const policy = join(this.folder, 'policy.json');
    writeFileSync(
      policy,
      JSON.stringify({
        ...{ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', omitStages: ['RequestReceived'] },
        rules: [
          { level: 'Metadata', userGroups: ['system:serviceaccounts'], verbs: ['create', 'patch', 'delete'] },
          { level: 'None' },
        ],
      }),
    );
    this.flags = { 'audit-policy-file': policy, 'audit-log-path': this.log };
  }

  /** What one ServiceAccount has written. */
  writesOf(namespace: string, account: string): readonly AuditedWrite[] {
    const user = `system:serviceaccount:${namespace}:${account}`;
    return readFileSync(this.log, 'utf8')
      .split('\n')
      .filter((line) => line.includes(user))
      .map(parse)
      .filter((write) => write.user === user);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function parse(line: string): AuditedWrite {
  const { user, verb, objectRef, responseStatus } = JSON.parse(line) as {
    readonly user: { readonly username: string };
    readonly verb: string;
    readonly objectRef?: Partial<Record<'resource' | 'namespace' | 'name', string>>;
    readonly responseStatus?: { readonly code?: number };
  };
  const { resource = '', namespace = '', name = '' } = objectRef ?? {};
  return { user: user.username, verb, resource, namespace, name, status: responseStatus?.code ?? 0 };
}
