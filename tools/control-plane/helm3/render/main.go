// Renders a chart for many values in one process: what `helm template` does, without its start and its sorting.
//
//	helm3-render CHART KUBERNETES
//
// stdin: a line of JSON for each rendering, {"values", "skipSchema"}, the values as YAML or JSON. stdout: a line for each, in the
// same order, {"files"}, name to text, or {"error"}.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"sigs.k8s.io/yaml"
)

type request struct {
	Values     string `json:"values"`
	SkipSchema bool   `json:"skipSchema"`
}

type answer struct {
	Files map[string]string `json:"files,omitempty"`
	Error string            `json:"error,omitempty"`
}

func render(chart *chart.Chart, version *chartutil.KubeVersion, asked request) (map[string]string, error) {
	values := map[string]interface{}{}
	if err := yaml.Unmarshal([]byte(asked.Values), &values); err != nil {
		return nil, err
	}
	if err := chartutil.ProcessDependencies(chart, values); err != nil {
		return nil, err
	}
	capabilities := chartutil.DefaultCapabilities.Copy()
	capabilities.KubeVersion = *version
	options := chartutil.ReleaseOptions{Name: "test", Namespace: "default", Revision: 1, IsInstall: true}
	merged, err := chartutil.ToRenderValuesWithSchemaValidation(chart, values, options, capabilities, asked.SkipSchema)
	if err != nil {
		return nil, err
	}
	return engine.Render(chart, merged)
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: helm3-render CHART KUBERNETES")
	}
	version, err := chartutil.ParseKubeVersion(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	chart, err := loader.Load(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	requests := json.NewDecoder(bufio.NewReader(os.Stdin))
	answers := json.NewEncoder(os.Stdout)
	answers.SetEscapeHTML(false)
	for requests.More() {
		var asked request
		if err := requests.Decode(&asked); err != nil {
			log.Fatal(err)
		}
		var said answer
		if said.Files, err = render(chart, version, asked); err != nil {
			said.Error = err.Error()
		}
		if err := answers.Encode(said); err != nil {
			log.Fatal(err)
		}
	}
}
