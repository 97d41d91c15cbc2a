import { image, pod, replicated } from './component';
import {
  eachText,
  flag,
  gone,
  ifOn,
  named,
  onlyDefault,
  text,
  under,
  unless,
  unmapped,
  unneeded,
  type Mapping,
  type Table,
} from './mapping';

const INGRESS =
  'the stack makes no Ingress; write your own for the Service falco-egress-sidekick-ui, port 2802';
const STORE = 'the stack has a store of its own for the UI';
const LOGIN = 'the UI always has a login here';

/** The login goes into the Secret that the stack would make otherwise. */
const login: Mapping = unless(['admin:admin'], 'the stack makes a login of its own, in a Secret', {
  apply: (item, draft) => {
    draft.takeSecret(
      item,
      [[['secrets', 'sidekickUi', 'name'], 'falco-egress-sidekick-ui']],
      [{ secret: 'falco-egress-sidekick-ui', key: 'user' }],
    );
  },
});

const ttl: Mapping = unless(
  [0, '0', '0s'],
  'alerts always expire here: sidekickUi.ttl',
  text('sidekickUi.ttl'),
);

const ui: Table = {
  ...replicated('sidekickUi'),
  ...image('sidekickUi', ['falcosecurity/falcosidekick-ui']),
  enabled: flag('sidekickUi.enabled'),
  revisionHistoryLimit: unmapped('the Deployment keeps what Kubernetes keeps by default'),
  loglevel: onlyDefault(['info'], 'the stack sets the level of the UI'),
  ttl,
  user: login,
  disableauth: unless([false], 'off', unmapped(LOGIN)),
  existingSecret: unmapped(
    `${LOGIN}: a Secret with the key user (login:password), named in secrets.sidekickUi.name`,
  ),
  allowcors: ifOn('the UI allows no other origin'),
  ...named(
    ['darkmode', 'darkMode', 'retention'],
    gone('it was of the first version of the UI; alerts expire by sidekickUi.ttl'),
  ),
  initContainer: unneeded(STORE),
  ...named(['podSecurityContext', 'securityContext'], unneeded('its Pods are restricted here')),
  customLabels: eachText('sidekickUi.labels', 'on the Pods'),
  customAnnotations: eachText('sidekickUi.annotations', 'on the Pods'),
  'service.type': onlyDefault(['ClusterIP'], INGRESS),
  'service.port': onlyDefault([2802], 'the Service listens on 2802'),
  ...named(['service.nodePort', 'service.targetPort'], unneeded('the Service is inside the cluster')),
  'service.annotations': unmapped('the Service has no annotations of its own'),
  'ingress.enabled': ifOn(INGRESS),
  ...named(
    ['ingressClassName', 'annotations', 'hosts', 'tls'].map((key) => `ingress.${key}`),
    unneeded('belongs to ingress.enabled'),
  ),
  httpRoute: unmapped(INGRESS),
  'externalRedis.enabled': ifOn(STORE),
  ...named(
    ['url', 'password', 'port'].map((key) => `externalRedis.${key}`),
    unneeded('belongs to externalRedis.enabled'),
  ),
};

const redis: Table = {
  ...pod('sidekickUi.store'),
  ...image('sidekickUiStore', ['redis/redis-stack', 'redis/redis-stack-server', 'redislabs/redisearch']),
  enabled: unneeded(STORE),
  customConfig: unmapped('memory is limited by sidekickUi.store.maxMemory'),
  existingSecret: unmapped('a Secret with the key password, named in secrets.sidekickUiStore.name'),
  password: unneeded('the stack makes a password of its own, in a Secret'),
  customLabels: eachText('sidekickUi.store.labels', 'on the Pods'),
  customAnnotations: eachText('sidekickUi.store.annotations', 'on the Pods'),
  storageEnabled: flag('sidekickUi.store.persistent'),
  storageSize: text('sidekickUi.store.size'),
  storageClass: text('sidekickUi.store.storageClass'),
  service: unneeded(STORE),
  ...named(['podSecurityContext', 'securityContext'], unneeded('its Pod is restricted here')),
};

/** `falcosidekick.webui`: the UI and its store. */
export const sidekickUi: Table = { ...ui, ...under('redis', redis) };
