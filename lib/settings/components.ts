import type { Resolved } from './resolved';
import type { Settings } from './settings';
import type { PodSettings } from './workload';

/** The settings of one component's Pods, and where they stand. */
export interface Component {
  readonly path: readonly string[];
  readonly pod: Resolved<PodSettings>;
}

/** Every component whose Pods have settings. */
export function components(settings: Settings): Component[] {
  const { falco, metacollector, sidekick, sidekickUi, collector, loki, grafana, responder, secrets } =
    settings;
  return [
    { path: ['falco'], pod: falco },
    { path: ['metacollector'], pod: metacollector },
    { path: ['sidekick'], pod: sidekick },
    { path: ['sidekickUi'], pod: sidekickUi },
    { path: ['sidekickUi', 'store'], pod: sidekickUi.store },
    { path: ['collector'], pod: collector },
    { path: ['loki'], pod: loki },
    { path: ['grafana'], pod: grafana },
    { path: ['responder'], pod: responder },
    { path: ['secrets', 'job'], pod: secrets.job },
  ];
}
