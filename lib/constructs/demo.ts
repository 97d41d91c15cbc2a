import { Construct } from 'constructs';
import { when } from '../settings/decide';
import { podDefaults } from '../settings/workload';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { image } from './image';
import { metadata, type MetadataProps } from './metadata';
import { exemptLabels, podSecurityLabels } from './namespaces';
import { clusterWide, namespaced } from './object';
import { podTemplate, restrictedContainer, restrictedPod } from './pod';

/** Settings that the demo reads. */
export type DemoProps = Pick<
  FalcoEgressProps,
  'cluster' | 'name' | 'platform' | 'demo' | 'exempt' | 'images' | 'labels' | 'annotations'
>;

/** Namespaces of the demo. */
export const DEMO_NAMESPACES = {
  /** An nginx Pod that connects where it should not, and its sibling that must go on working. */
  acting: 'demo',
  /** Watched. */
  monitored: 'testkatz',
  /** Not watched. */
  exempt: 'testkatz-exempt',
} as const;

const USER = 101;

/** The Pods of the demo: nginx with curl in it, in a namespace that is acted on, one that is watched and one that is exempt. */
export class Demo extends Construct {
  constructor(scope: Construct, id: string, props: DemoProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    when(settings.demo.enabled, () => {
      this.add(settings, DEMO_NAMESPACES.acting, 2, {});
      this.add(settings, DEMO_NAMESPACES.monitored, 1, {});
      this.add(settings, DEMO_NAMESPACES.exempt, 1, exemptLabels(settings));
    });
  }

  private add(settings: Settings, namespace: string, replicas: number, labels: Record<string, string>): void {
    const describe = (props: Partial<MetadataProps>) =>
      metadata(settings, 'demo', { name: 'nginx', namespace, wave: 'workloads', ...props });
    clusterWide(this, `${namespace}-namespace`, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: describe({
        name: namespace,
        namespace: undefined,
        wave: 'namespaces',
        labels: { ...labels, ...podSecurityLabels('restricted') },
      }),
    });
    const template = podTemplate(settings, {
      component: 'demo',
      pod: {
        ...podDefaults,
        labels: { app: 'nginx' },
        resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '64Mi' } },
      },
      securityContext: restrictedPod(settings, USER),
      container: {
        name: 'nginx',
        ...image(settings, 'demo'),
        ports: [{ name: 'http', containerPort: 8080 }],
        readinessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 10 },
        securityContext: restrictedContainer,
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
      },
      volumes: [{ name: 'tmp', emptyDir: {} }],
    });
    namespaced(this, `${namespace}-nginx`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: describe({}),
      spec: { replicas, selector: { matchLabels: { app: 'nginx' } }, template },
    });
  }
}
