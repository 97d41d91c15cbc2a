module falco-egress.io/tools/messages

go 1.26.0

require (
	github.com/prometheus/alertmanager v0.34.0
	github.com/prometheus/common v0.70.1
)

require (
	github.com/prometheus/client_model v0.6.2 // indirect
	golang.org/x/text v0.40.0 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
	gopkg.in/yaml.v2 v2.4.0 // indirect
)
