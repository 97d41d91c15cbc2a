package main

import (
	"context"
	"net/http"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensionauth"
)

// Stands in for the extension basicauth of the contrib distribution, whose modules are not to be had alone: the same keys, as
// far as our configuration has them, and the same header.
func basicAuthFactory() extension.Factory {
	return extension.NewFactory(
		component.MustNewType("basicauth"),
		func() component.Config { return &basicAuth{} },
		func(_ context.Context, _ extension.Settings, config component.Config) (extension.Extension, error) {
			return config.(*basicAuth), nil
		},
		component.StabilityLevelBeta,
	)
}

type basicAuth struct {
	component.StartFunc    `mapstructure:"-"`
	component.ShutdownFunc `mapstructure:"-"`
	ClientAuth             struct {
		Username string `mapstructure:"username"`
		Password string `mapstructure:"password"`
	} `mapstructure:"client_auth"`
}

var _ extensionauth.HTTPClient = (*basicAuth)(nil)

func (auth *basicAuth) RoundTripper(base http.RoundTripper) (http.RoundTripper, error) {
	return roundTripper(func(request *http.Request) (*http.Response, error) {
		signed := request.Clone(request.Context())
		signed.SetBasicAuth(auth.ClientAuth.Username, auth.ClientAuth.Password)
		return base.RoundTrip(signed)
	}), nil
}

type roundTripper func(*http.Request) (*http.Response, error)

func (trip roundTripper) RoundTrip(request *http.Request) (*http.Response, error) {
	return trip(request)
}
