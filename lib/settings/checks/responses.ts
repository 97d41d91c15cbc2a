import type { SettingsFinding } from '../finding';
import type { ResponseSettings } from '../responder';
import type { Settings } from '../settings';

/** Whether a response changes anything in the cluster, at once or after a person's word. */
function acts(response: ResponseSettings): boolean {
  return response.action !== 'notify' && response.mode !== undefined && response.mode !== 'observe';
}

/** What the responder has neither the rights nor the program for. */
function checkVersion({ action, onExpiry }: ResponseSettings, index: number): SettingsFinding[] {
  const findings: SettingsFinding[] = [];
  if (action === 'evict')
    findings.push({
      path: ['responses', index, 'action'],
      message: `'evict' comes with a later version; use quarantine, label or notify`,
    });
  if (onExpiry === 'delete')
    findings.push({
      path: ['responses', index, 'onExpiry'],
      message: `'delete' comes with a later version; use release or hold`,
    });
  return findings;
}

/** Where a response acts, nobody but Falco may be able to cause it: each hop to the responder must be authenticated. */
export function checkResponses(settings: Settings): SettingsFinding[] {
  const { responses, responder, sidekick, collector, tls } = settings;
  if (responses.length === 0) return [];
  if (!responder.enabled)
    return [
      {
        path: ['responses'],
        message: `the responder is switched off, so no response can run; set responder.enabled to true, or remove the responses`,
      },
    ];
  const findings = responses.flatMap(checkVersion);
  if (!sidekick.enabled && !collector.enabled)
    findings.push({
      path: ['responses'],
      message: `no alert reaches the responder; switch on collector.enabled or sidekick.enabled`,
    });
  const acting = responses.findIndex(acts);
  if (acting >= 0 && tls.issuer === 'none')
    findings.push({
      path: ['responses', acting],
      message: `acts (mode ${responses[acting]?.mode ?? ''}), but with tls.issuer none anybody in the cluster could post an alert; set tls.issuer to certManager or existingSecrets, or mode to observe`,
    });
  return findings;
}
