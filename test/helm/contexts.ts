import type { Values } from './leaves';

/** Settings under which others have an effect. */
export const CONTEXTS: Readonly<Record<string, Values>> = {
  defaults: {},
  everything: {
    collector: { enabled: true },
    demo: { enabled: true },
    egress: {
      vistatech: true,
      podGuard: { seccomp: 'warn', hostNetwork: 'deny', rawSockets: 'audit' },
    },
    privacy: { commandLine: 'redacted' },
    exempt: { guard: { enabled: true, users: ['system:serviceaccount:a:b'] } },
    sidekick: {
      loki: { url: 'http://loki:3100', credentials: { secret: 'loki' } },
      slack: { webhookUrl: { secret: 'slack' } },
      alertmanager: { url: 'http://alertmanager:9093' },
    },
    sidekickUi: { store: { persistent: true } },
  },
  authority: { tls: { issuer: 'certManager' }, collector: { enabled: true } },
  issuer: { tls: { issuer: 'certManager', certManager: { issuerName: 'mine' } } },
  certificates: { tls: { issuer: 'existingSecrets' }, collector: { enabled: true } },
  egressOnly: { falco: { stockRules: false, baseSyscalls: { egressOnly: true } } },
  theirFalco: { falco: { install: false } },
  theirOperator: { falco: { install: false, external: { form: 'rulesfile' } }, egress: { vistatech: true } },
  externalSecrets: { secrets: { source: 'externalSecrets' } },
  programImage: { responder: { program: 'image' } },
  pluginImage: { plugins: { k8smeta: { source: 'image', image: 'plugin:1' } } },
  pluginVolume: { plugins: { k8smeta: { source: 'imageVolume', image: 'plugin:1' } } },
  pluginPath: { plugins: { k8smeta: { source: 'hostPath' } } },
  noPlugin: { plugins: { k8smeta: { source: 'none' } } },
  openshift: { platform: 'openshift', collector: { enabled: true } },
  gke: { platform: 'gke', collector: { enabled: true } },
};
