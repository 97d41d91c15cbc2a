/**
 * falcosidekick's outputs and their keys, as the chart's `config` has them; `!` marks what switches an output on. Every
 * output has {@link COMMON} too. Facts: falcosidekick charts 0.1 (2020) to 0.14.
 */
const OUTPUTS = `
slack webhookurl! channel footer icon username outputformat messageformat
rocketchat webhookurl! icon username outputformat messageformat
mattermost webhookurl! footer icon username outputformat messageformat
teams webhookurl! activityimage outputformat
datadog apikey! host
datadoglogs apikey! host service
alertmanager hostport! endpoint expireafter extralabels extraannotations customseveritymap dropeventdefaultpriority dropeventthresholds
elasticsearch hostport! index type pipeline suffix apikey username password flattenfields createindextemplate numberofshards numberofreplicas enablecompression batching
influxdb hostport! database organization precision user password token
loki hostport! user apikey endpoint tenant format extralabels grafanadashboard
prometheus extralabels!
nats hostport! subjecttemplate
stan hostport! clusterid clientid subjecttemplate
aws useirsa rolearn externalid accesskeyid secretaccesskey region checkidentity
aws.cloudwatchlogs loggroup! logstream
aws.lambda functionname!
aws.sns topicarn! rawjson
aws.sqs url!
aws.s3 bucket! prefix endpoint objectcannedacl
aws.kinesis streamname!
aws.securitylake bucket! region prefix accountid interval batchsize
smtp hostport! tls authmechanism user password token identity trace from to outputformat
opsgenie apikey! region
statsd forwarder! namespace
dogstatsd forwarder! namespace tags
webhook address! method
azure subscriptionid resourcegroupname podidentityclientid podidentityname workloadidentityclientid
azure.eventhub name! namespace
discord webhookurl! icon
gcp credentials workloadidentityserviceaccount
gcp.pubsub topic! projectid customattributes
gcp.storage bucket! prefix
gcp.cloudfunctions name!
gcp.cloudrun endpoint! jwt
googlechat webhookurl! outputformat messageformat
kafka hostport! topic sasl tls username password async requiredacks compression balancer topiccreation clientid
pagerduty routingkey! region
kubeless function! namespace port kubeconfig
openfaas functionname! functionnamespace gatewayservice gatewayport gatewaynamespace
cloudevents address! extension
rabbitmq url! queue
wavefront endpointhost! endpointtype endpointtoken endpointmetricport metricname batchsize flushintervalseconds
grafana hostport! apikey dashboardid panelid allfieldsastags
grafanaoncall webhookurl!
fission function! routernamespace routerservice routerport
yandex accesskeyid secretaccesskey region
yandex.s3 bucket! endpoint prefix
yandex.datastreams streamname! endpoint
kafkarest address! version
syslog host! port protocol format
cliq webhookurl! icon useemoji outputformat messageformat
policyreport enabled! kubeconfig maxevents prunebypriority failthreshold
nodered address! user password
mqtt broker! topic qos retained user password
zincsearch hostport! index username password
gotify hostport! token format
tekton eventlistener!
spyderbat orguid! apikey apiurl source sourcedescription
timescaledb host! port user password database hypertablename
redis address! password database storagetype key
telegram token! chatid messagethreadid
n8n address! user password headerauthname headerauthvalue
openobserve hostport! organizationname streamname username password
dynatrace apitoken! apiurl
otlp.traces endpoint! protocol timeout headers synced duration extraenvvars
otlp.metrics endpoint! protocol timeout headers extraenvvars extraattributes
sumologic receiverurl! sourcecategory sourcehost name
quickwit hostport! apiendpoint index version autocreateindex
webex webhookurl!
talon address!
`;

/** Keys that any output may have. */
const COMMON = ['minimumpriority', 'mutualtls', 'checkcert', 'customheaders', 'maxconcurrentrequests'];

/** One output of falcosidekick. */
export interface Output {
  /** Its path in `config`, in lower case. */
  readonly name: string;
  readonly keys: readonly string[];
  /** Keys of which one has to have a value; without any, an output below this one switches it on. */
  readonly switches: readonly string[];
}

/** Every output, by its path in `config`, in lower case. */
export const OUTPUT_KEYS: ReadonlyMap<string, Output> = new Map(
  OUTPUTS.trim()
    .split('\n')
    .map((row) => {
      const [name = '', ...keys] = row.split(' ');
      const switches = keys.filter((key) => key.endsWith('!')).map((key) => key.slice(0, -1));
      return [name, { name, keys: [...keys.map((key) => key.replace('!', '')), ...COMMON], switches }];
    }),
);
