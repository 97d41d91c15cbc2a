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

/** The record is for storage: who else would get it has to say so, or to leave it out. */
export function checkRecord(settings: Settings): Findings {
  const { egress, sidekick } = settings;
  const on = all(egress.enabled, egress.record.enabled);
  return when(on, () => [
    checkFalcoEmitsIt(settings),
    when(sidekick.enabled, () => [checkUi(settings), checkOutputs(settings), checkVariables(settings)]),
  ]);
}

function checkFalcoEmitsIt({ falco }: Settings): Findings {
  const config = falco.config as Readonly<Record<string, string>>;
  const refused = (path: readonly string[]) => ({
    path,
    message: `Falco would not emit the record, whose priority is informational; set it to informational or debug, or egress.record.enabled to false`,
  });
  return when(falco.install, () => [
    either<Findings>(
      hasKey(config, 'priority'),
      () => when(matches(valueAt(config, 'priority'), ABOVE), () => refused(['falco', 'config', 'priority'])),
      () => when(matches(falco.priority, ABOVE), () => refused(['falco', 'priority'])),
    ),
    when(all(hasKey(config, 'rule_matching'), is(valueAt(config, 'rule_matching'), 'first')), () => ({
      path: ['falco', 'config', 'rule_matching'],
      message: `an event that raised an alert would be missing from the record; remove it, or set egress.record.enabled to false`,
    })),
  ]);
}

function checkUi({ sidekickUi }: Settings): Findings {
  return when(sidekickUi.enabled, () => ({
    path: ['egress', 'record', 'enabled'],
    message: `falcosidekick sends its UI every alert, the record too, which would push all others out of the UI's store; set sidekickUi.enabled to false`,
  }));
}

function checkOutputs({ sidekick, responder }: Settings): Findings {
  const { slack, alertmanager } = sidekick;
  const own = (key: string) =>
    some(
      all(is(key, 'slack'), given(slack.webhookUrl.secret)),
      all(is(key, 'alertmanager'), given(alertmanager.url)),
      all(is(key, 'webhook'), responder.enabled),
    );
  const unstated = (path: readonly string[]) => ({
    path: ['sidekick', 'outputs', ...path],
    message: `would get every record; state its minimumpriority: notice leaves the record out, informational takes it`,
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
function checkVariables({ sidekick }: Settings): Findings {
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
        message: `switches an output on that would get every record; state its least severity in sidekick.outputs.${lowerCase(output)}.minimumpriority: notice leaves the record out, informational takes it`,
      }),
    );
  };
  return [
    eachEntry(secretEnv, (name) => unstated('secretEnv', name)),
    eachEntry(env, (name) => when(matches(name, SWITCHES_ON), () => unstated('env', name))),
  ];
}
