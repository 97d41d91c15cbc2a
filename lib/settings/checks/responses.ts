import { all, each, either, given, holds, is, moreThan, not, some, times, valuesAt, when } from '../decide';
import type { Findings } from '../finding';
import type { ResponseSettings } from '../responder';
import type { Settings } from '../settings';

/** Whether a response changes anything in the cluster, at once or after a person's word. */
function acts({ action, mode }: ResponseSettings): boolean {
  return all(
    not(is(action, 'notify')),
    some(is(mode ?? 'observe', 'approve'), is(mode ?? 'observe', 'enforce')),
  );
}

/** Keys of a response that only a quarantine reads. */
const OF_QUARANTINE = ['ttl', 'onExpiry', 'strip', 'detach'] as const;

/** What would be set, and never read. */
function checkUnread(response: ResponseSettings, index: number): Findings {
  const { action, snapshot, ttl, onExpiry } = response;
  return [
    when(not(is(action, 'quarantine')), () =>
      OF_QUARANTINE.map((key) =>
        when(given(response[key]), () => ({
          path: ['responses', index, key],
          message: `goes with action quarantine, and this response is to ${action}; remove it`,
        })),
      ),
    ),
    when(all(is(action, 'notify'), given(snapshot)), () => ({
      path: ['responses', index, 'snapshot'],
      message: `keeps the Pod as it was before something is done to it, and notify does nothing; remove it`,
    })),
    when(all(is(action, 'quarantine'), is(onExpiry ?? 'release', 'delete'), not(given(ttl))), () => ({
      path: ['responses', index, 'onExpiry'],
      message: `'delete' without ttl: the time is never over; set ttl, such as '4h', or remove onExpiry`,
    })),
  ];
}

/** Metrics and Events know a response by its name alone. */
function checkName({ name }: ResponseSettings, index: number, names: readonly string[]): Findings {
  return when(all(given(name), moreThan(times(names, name ?? ''), 1)), () => ({
    path: ['responses', index, 'name'],
    message: `'${name ?? ''}' is the name of another response too; give each one of its own`,
  }));
}

/** A way to what is cut off must not be a way to what others depend on. */
function checkForensics({ namespaces, responder }: Settings): Findings {
  const { forensicsNamespace } = responder.quarantine;
  const { node, services } = namespaces;
  const valued = some(
    holds(responder.protected.namespaces, forensicsNamespace),
    is(forensicsNamespace, node),
    is(forensicsNamespace, services),
  );
  return when(all(given(forensicsNamespace), valued), () => ({
    path: ['responder', 'quarantine', 'forensicsNamespace'],
    message: `'${forensicsNamespace}' is protected (responder.protected.namespaces, or one of the stack's own), and a quarantined Pod could reach all Pods of it; take a namespace for nothing but forensics`,
  }));
}

/** Where a response acts, nobody but Falco may be able to cause it: each hop to the responder must be authenticated. */
export function checkResponses(settings: Settings): Findings {
  const { responses, responder, sidekick, collector, tls } = settings;
  const names = valuesAt(responses, 'name');
  const off = {
    path: ['responses'],
    message: `the responder is switched off, so no response can run; set responder.enabled to true, or remove the responses`,
  };
  const unreachable = {
    path: ['responses'],
    message: `no alert reaches the responder; switch on collector.enabled or sidekick.enabled`,
  };
  const checkOne = (response: ResponseSettings, index: number): Findings => [
    checkUnread(response, index),
    checkName(response, index, names),
    when(all(acts(response), is(tls.issuer, 'none')), () => ({
      path: ['responses', index],
      message: `acts (mode ${response.mode ?? ''}), but with tls.issuer none anybody in the cluster could post an alert; set tls.issuer to certManager or existingSecrets, or mode to observe`,
    })),
  ];
  return [
    checkForensics(settings),
    when(given(responses), () =>
      either<Findings>(
        responder.enabled,
        () => [
          when(all(not(sidekick.enabled), not(collector.enabled)), () => unreachable),
          each(responses, checkOne),
        ],
        () => off,
      ),
    ),
  ];
}
