import { all, each, either, given, is, not, some, when } from '../decide';
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

/** What the responder has neither the rights nor the program for. */
function checkVersion({ action, onExpiry }: ResponseSettings, index: number): Findings {
  return [
    when(is(action, 'evict'), () => ({
      path: ['responses', index, 'action'],
      message: `'evict' comes with a later version; use quarantine, label or notify`,
    })),
    when(is(onExpiry ?? 'release', 'delete'), () => ({
      path: ['responses', index, 'onExpiry'],
      message: `'delete' comes with a later version; use release or hold`,
    })),
  ];
}

/** Where a response acts, nobody but Falco may be able to cause it: each hop to the responder must be authenticated. */
export function checkResponses(settings: Settings): Findings {
  const { responses, responder, sidekick, collector, tls } = settings;
  const off = {
    path: ['responses'],
    message: `the responder is switched off, so no response can run; set responder.enabled to true, or remove the responses`,
  };
  const unreachable = {
    path: ['responses'],
    message: `no alert reaches the responder; switch on collector.enabled or sidekick.enabled`,
  };
  const checkOne = (response: ResponseSettings, index: number): Findings => [
    checkVersion(response, index),
    when(all(acts(response), is(tls.issuer, 'none')), () => ({
      path: ['responses', index],
      message: `acts (mode ${response.mode ?? ''}), but with tls.issuer none anybody in the cluster could post an alert; set tls.issuer to certManager or existingSecrets, or mode to observe`,
    })),
  ];
  return when(given(responses), () =>
    either<Findings>(
      responder.enabled,
      () => [
        when(all(not(sidekick.enabled), not(collector.enabled)), () => unreachable),
        each(responses, checkOne),
      ],
      () => off,
    ),
  );
}
