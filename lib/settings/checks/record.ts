import {
  all,
  eachEntry,
  either,
  given,
  hasKey,
  is,
  lowerCase,
  matches,
  not,
  part,
  some,
  valueAt,
  when,
  without,
} from '../decide';
import type { Findings } from '../finding';
import { hasCanary } from '../has-canary';
import type { Settings } from '../settings';

/** Priorities above that of the record. */
const ABOVE = /^(emergency|alert|critical|error|warning|notice)$/i;

/** Keys of falcosidekick's configuration that have no alerts in them, or take them only by number. */
const NO_OUTPUT =
  /^(customfields|templatedfields|customtags|tlsclient|tlsserver|mutualtlsclient|mutualtlsfilespath|prometheus|statsd|dogstatsd|debug|listenaddress|listenport|bracketreplacer|outputfieldformat)$/;

/** Outputs of which each service has a least severity of its own. */
const OF_SERVICES = /^(aws|azure|gcp|otlp|yandex|openfaas|alibabacloud)$/;

/** What a key of such an output is a service by: it isn't one of those that tell how to reach all of them. */
const SERVICE =
  /^(lambda|sqs|sns|s3|cloudwatchlogs|kinesis|securitylake|eventhub|pubsub|storage|cloudfunctions|cloudrun|traces|metrics|logs|datastreams)$/;

/** Storage, which is to have the record. */
const STORAGE = /^loki$/;

/** Variables of falcosidekick that are about no output. */
const NO_OUTPUT_VARIABLE =
  /(PROXY$|^LOKI_|^CUSTOMFIELDS|^TEMPLATEDFIELDS|^TLSCLIENT_|^STATSD_|^DOGSTATSD_|^PROMETHEUS_)/;

/** Variables by which an output is on. */
const SWITCHES_ON =
  /_(WEBHOOKURL|WEBHOOK|HOSTPORT|HOST|URL|ADDRESS|ENDPOINT|APIKEY|TOKEN|ROUTINGKEY|TOPICARN|BUCKET)$/;

/** What is for storage alone, at the priority informational. */
interface Stored {
  readonly name: string;
  /** The setting that switches it on. */
  readonly setting: readonly [string, string, string];
  /** What a sink gets of it. */
  readonly each: string;
}

const RECORD: Stored = {
  name: 'the record',
  setting: ['egress', 'record', 'enabled'],
  each: 'every record',
};

const CANARY: Stored = {
  name: 'the canary',
  setting: ['collector', 'canary', 'enabled'],
  each: 'an alert a minute of each node',
};

/** The record and the canary are for storage: who else would get them has to say so, or to leave them out. */
export function checkRecord(settings: Settings): Findings {
  const { egress, sidekick } = settings;
  const record = all(egress.enabled, egress.record.enabled);
  return [
    when(record, () => checkStored(settings, RECORD)),
    // The UI's store has room for one alert a minute of each node, not for every connection.
    when(all(record, sidekick.enabled), () => checkUi(settings, RECORD)),
    // What is wrong for both is told once.
    when(all(hasCanary(settings), not(record)), () => checkStored(settings, CANARY)),
  ];
}

function checkStored(settings: Settings, stored: Stored): Findings {
  return [
    checkFalcoEmitsIt(settings, stored),
    when(settings.sidekick.enabled, () => [checkOutputs(settings, stored), checkVariables(settings, stored)]),
  ];
}

function checkFalcoEmitsIt({ falco }: Settings, { name, setting }: Stored): Findings {
  const config = falco.config as Readonly<Record<string, string>>;
  const refused = (path: readonly string[]) => ({
    path,
    message: `Falco would not emit ${name}, whose priority is informational; set it to informational or debug, or ${setting.join('.')} to false`,
  });
  return when(falco.install, () => [
    either<Findings>(
      hasKey(config, 'priority'),
      () => when(matches(valueAt(config, 'priority'), ABOVE), () => refused(['falco', 'config', 'priority'])),
      () => when(matches(falco.priority, ABOVE), () => refused(['falco', 'priority'])),
    ),
    when(all(hasKey(config, 'rule_matching'), is(valueAt(config, 'rule_matching'), 'first')), () => ({
      path: ['falco', 'config', 'rule_matching'],
      message: `an event that raised an alert would be missing from ${name}; remove it, or set ${setting.join('.')} to false`,
    })),
  ]);
}

function checkUi({ sidekickUi }: Settings, { setting, name }: Stored): Findings {
  return when(sidekickUi.enabled, () => ({
    path: setting,
    message: `falcosidekick sends its UI every alert, ${name} too, which would push all others out of the UI's store; set sidekickUi.enabled to false`,
  }));
}

function checkOutputs({ sidekick, responder }: Settings, { name, each }: Stored): Findings {
  const { slack, alertmanager } = sidekick;
  const own = (key: string) =>
    some(
      all(is(key, 'slack'), given(slack.webhookUrl.secret)),
      all(is(key, 'alertmanager'), given(alertmanager.url)),
      all(is(key, 'webhook'), responder.enabled),
    );
  const unstated = (path: readonly string[]) => ({
    path: ['sidekick', 'outputs', ...path],
    message: `would get ${each}; state its minimumpriority: notice leaves ${name} out, informational takes it`,
  });
  return eachEntry(sidekick.outputs, (key) =>
    either<Findings>(
      matches(key, OF_SERVICES),
      () =>
        eachEntry(part(sidekick.outputs, key), (service) =>
          when(
            all(
              matches(service, SERVICE),
              not(hasKey(part(part(sidekick.outputs, key), service), 'minimumpriority')),
            ),
            () => unstated([key, service]),
          ),
        ),
      () =>
        when(
          all(
            not(some(matches(key, STORAGE), matches(key, NO_OUTPUT), own(key))),
            not(hasKey(part(sidekick.outputs, key), 'minimumpriority')),
          ),
          () => unstated([key]),
        ),
    ),
  );
}

/** An output may be on by a variable alone. */
function checkVariables({ sidekick }: Settings, { name: stored, each }: Stored): Findings {
  const { env, secretEnv, outputs } = sidekick;
  const unstated = (setting: string, name: string) => {
    const output = without(name, /_.*$/);
    return when(
      not(
        some(
          matches(name, NO_OUTPUT_VARIABLE),
          hasKey(outputs, lowerCase(output)),
          hasKey(env, `${output}_MINIMUMPRIORITY`),
        ),
      ),
      () => ({
        path: ['sidekick', setting, name],
        message: `switches an output on that would get ${each}; state its least severity in sidekick.outputs.${lowerCase(output)}.minimumpriority: notice leaves ${stored} out, informational takes it`,
      }),
    );
  };
  return [
    eachEntry(secretEnv, (name) => unstated('secretEnv', name)),
    eachEntry(env, (name) => when(matches(name, SWITCHES_ON), () => unstated('env', name))),
  ];
}
