import { AlertingRules } from '../../lib/constructs/alerting-rules';
import { PodMonitors, type PodMonitorsProps } from '../../lib/constructs/pod-monitors';
import { FalcoEgress } from '../../lib/stack';
import type { FalcoEgressProps } from '../../lib/settings/settings';
import { synthesize } from '../constructs';

interface PodMonitor {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly podMetricsEndpoints: readonly {
      readonly port: string;
      readonly relabelings: readonly { readonly targetLabel: string; readonly replacement?: string }[];
    }[];
  };
}

interface Workload {
  readonly kind: string;
  readonly metadata: { readonly namespace: string };
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly containers: readonly { readonly ports?: readonly { readonly name: string }[] }[];
      };
    };
  };
}

function podMonitors(props: Omit<PodMonitorsProps, 'cluster'>): PodMonitor[] {
  const monitoring = { ...props.monitoring, podMonitors: { enabled: true } };
  return synthesize((scope) => new PodMonitors(scope, 'test', { cluster: 'c', ...props, monitoring })).filter(
    ({ kind }) => kind === 'PodMonitor',
  ) as unknown as PodMonitor[];
}

const EVERY = {
  collector: { enabled: true },
  loki: { enabled: true },
  grafana: { enabled: true },
  name: 'fe',
};

test.each(['none', 'existingSecrets'] as const)(
  'each selects Pods that are there, by a port that they have, with tls.issuer %s',
  (issuer) => {
    const settings: FalcoEgressProps = { cluster: 'c', ...EVERY, tls: { issuer } };
    const workloads = synthesize((scope) => new FalcoEgress(scope, 'test', settings)).filter(({ kind }) =>
      ['DaemonSet', 'Deployment', 'StatefulSet'].includes(kind),
    ) as unknown as Workload[];
    const found = podMonitors({ ...EVERY, tls: { issuer } }).map(({ metadata, spec }) => {
      const chosen = workloads.filter(
        (workload) =>
          workload.metadata.namespace === metadata.namespace &&
          Object.entries(spec.selector.matchLabels).every(
            ([key, value]) => workload.spec.template.metadata.labels[key] === value,
          ),
      );
      const ports = chosen
        .flatMap(({ spec: { template } }) => template.spec.containers)
        .flatMap((container) => (container.ports ?? []).map(({ name }) => name));
      const [endpoint] = spec.podMetricsEndpoints;
      return [metadata.name, chosen.length, ports.includes(endpoint?.port ?? ''), endpoint?.port];
    });
    expect(found).toEqual([
      ['fe-falco', 1, true, 'web'],
      ['fe-sidekick', 1, true, issuer === 'none' ? 'alerts' : 'plain'],
      ['fe-responder', 1, true, 'metrics'],
      ['fe-collector', 1, true, 'metrics'],
      ['fe-metacollector', 1, true, 'metrics'],
      ['fe-loki', 1, true, 'http'],
      ['fe-grafana', 1, true, 'http'],
    ]);
  },
);

test('there is none of what does not run, or has no metrics', () => {
  const props = {
    falco: { metrics: false },
    sidekick: { enabled: false },
    responder: { enabled: false },
    plugins: { k8smeta: { source: 'none' } },
  } as const;
  expect(podMonitors(props)).toEqual([]);
});

test('names the jobs and the labels that the alerts ask for', () => {
  const jobs = podMonitors(EVERY).flatMap(({ spec }) =>
    spec.podMetricsEndpoints.flatMap(({ relabelings }) =>
      relabelings.filter(({ targetLabel }) => targetLabel === 'job').map(({ replacement }) => replacement),
    ),
  );
  const rules = synthesize(
    (scope) =>
      new AlertingRules(scope, 'test', {
        cluster: 'c',
        ...EVERY,
        monitoring: { rules: { form: 'prometheusRule' } },
      }),
  );
  const asked = [...JSON.stringify(rules).matchAll(/job=\\"([\w-]+)\\"/g)].map(([, job]) => job);
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter((job) => !jobs.includes(job))).toEqual([]);
});
