import type { AlertCases } from './case';

const CERTIFICATE = (moment: string, name: string) =>
  `certmanager_certificate_${moment}_timestamp_seconds{name="${name}",exported_namespace="falco",namespace="cert-manager"}`;
const UP = (component: string, pod: string) => `up{job="falco-egress-${component}",pod="${pod}"}`;

export const OTHER_CASES: AlertCases = {
  FalcoEgressCertificateNotRenewed: [
    {
      name: 'its time of renewal was two hours ago, and it ends in ten days',
      series: {
        [CERTIFICATE('expiration', 'falco-egress-falco-tls')]: '864000x300',
        [CERTIFICATE('renewal', 'falco-egress-falco-tls')]: '3600x300',
        [CERTIFICATE('expiration', 'falco-egress-sidekick-tls')]: '864000x300',
        [CERTIFICATE('renewal', 'falco-egress-sidekick-tls')]: '600000x300',
      },
      at: '3h',
      fires: [
        {
          labels: {
            name: 'falco-egress-falco-tls',
            exported_namespace: 'falco',
            namespace: 'cert-manager',
            severity: 'warning',
          },
          summary: 'Certificate falco-egress-falco-tls is not renewed, and ends in 9d 21h 0m 0s',
        },
      ],
    },
    {
      name: 'it was renewed at its time, and that of another is none of ours',
      series: {
        [CERTIFICATE('expiration', 'falco-egress-falco-tls')]: '864000x60 9000000x240',
        [CERTIFICATE('renewal', 'falco-egress-falco-tls')]: '3600x60 6000000x240',
        [CERTIFICATE('expiration', 'shop-tls')]: '864000x300',
        [CERTIFICATE('renewal', 'shop-tls')]: '3600x300',
      },
      at: '3h',
      fires: [],
    },
  ],
  FalcoEgressCertificateEnds: [
    {
      name: 'its time of renewal was two hours ago, and it ends in two days',
      series: {
        [CERTIFICATE('expiration', 'falco-egress-falco-tls')]: '183600x300',
        [CERTIFICATE('renewal', 'falco-egress-falco-tls')]: '3600x300',
        [CERTIFICATE('expiration', 'falco-egress-sidekick-tls')]: '864000x300',
        [CERTIFICATE('renewal', 'falco-egress-sidekick-tls')]: '600000x300',
      },
      at: '3h',
      fires: [
        {
          labels: {
            name: 'falco-egress-falco-tls',
            exported_namespace: 'falco',
            namespace: 'cert-manager',
            severity: 'critical',
          },
          summary: 'Certificate falco-egress-falco-tls is not renewed, and ends in 2d 0h 0m 0s',
        },
      ],
    },
    {
      name: 'it is late, but there are ten days left',
      series: {
        [CERTIFICATE('expiration', 'falco-egress-falco-tls')]: '864000x300',
        [CERTIFICATE('renewal', 'falco-egress-falco-tls')]: '3600x300',
      },
      at: '3h',
      fires: [],
    },
    {
      name: 'it lives for a day, and its time of renewal has not come',
      series: {
        [CERTIFICATE('expiration', 'falco-egress-falco-tls')]: '86400x300',
        [CERTIFICATE('renewal', 'falco-egress-falco-tls')]: '57600x300',
      },
      at: '3h',
      fires: [],
    },
  ],
  FalcoEgressMetricsAbsent: [
    {
      name: 'of Falco there is nothing, and the responder does not answer',
      series: { [UP('sidekick', 'sidekick-1')]: '1x60', [UP('responder', 'responder-1')]: '0x60' },
      at: '20m',
      fires: [
        {
          labels: { component: 'collector', severity: 'warning' },
          summary: 'Prometheus gets no metrics of collector: its other alerts can not fire',
        },
        {
          labels: { component: 'falco', severity: 'warning' },
          summary: 'Prometheus gets no metrics of falco: its other alerts can not fire',
        },
        {
          labels: { component: 'loki', severity: 'warning' },
          summary: 'Prometheus gets no metrics of loki: its other alerts can not fire',
        },
        {
          labels: { component: 'responder', severity: 'warning' },
          summary: 'Prometheus gets no metrics of responder: its other alerts can not fire',
        },
      ],
    },
    {
      name: 'one Pod of each answers',
      series: {
        [UP('falco', 'falco-a')]: '0x60',
        [UP('falco', 'falco-b')]: '1x60',
        [UP('collector', 'collector-a')]: '1x60',
        [UP('sidekick', 'sidekick-1')]: '1x60',
        [UP('responder', 'responder-1')]: '1x60',
        [UP('loki', 'loki-0')]: '1x60',
      },
      at: '20m',
      fires: [],
    },
  ],
};
