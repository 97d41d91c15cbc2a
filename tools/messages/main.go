// Renders messages for people as the programs do that send them. Each line of stdin is a JSON object, and each line of
// stdout a JSON object with its `text` or its `error`:
//
//	{"falcosidekick": TEMPLATE, "alert": what falcosidekick sends on}
//	{"alertmanager": TEXT, "files": [templates], "alerts": [what is posted to Alertmanager], "group": {labels}}
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"strings"
	texttemplate "text/template"
	"time"

	alerts "github.com/prometheus/alertmanager/alert"
	"github.com/prometheus/alertmanager/template"
	"github.com/prometheus/common/model"
)

type question struct {
	Falcosidekick string          `json:"falcosidekick"`
	Alert         json.RawMessage `json:"alert"`
	Alertmanager  string          `json:"alertmanager"`
	Files         []string        `json:"files"`
	Alerts        []model.Alert   `json:"alerts"`
	Group         model.LabelSet  `json:"group"`
}

// What falcosidekick's templates see of an alert. Its priority prints as it is sent.
type alert struct {
	UUID         string         `json:"uuid"`
	Output       string         `json:"output"`
	Priority     string         `json:"priority"`
	Rule         string         `json:"rule"`
	Time         time.Time      `json:"time"`
	OutputFields map[string]any `json:"output_fields"`
	Source       string         `json:"source"`
	Tags         []string       `json:"tags"`
	Hostname     string         `json:"hostname"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16*1024*1024)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		text, err := render(lines.Bytes())
		answer := map[string]string{"text": text}
		if err != nil {
			answer = map[string]string{"error": err.Error()}
		}
		if err := out.Encode(answer); err != nil {
			panic(err)
		}
	}
}

func render(line []byte) (string, error) {
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return "", err
	}
	if asked.Alert != nil {
		return falcosidekick(asked)
	}
	return alertmanager(asked)
}

func falcosidekick(asked question) (string, error) {
	parsed, err := texttemplate.New("slack").Parse(asked.Falcosidekick)
	if err != nil {
		return "", err
	}
	var of alert
	decoder := json.NewDecoder(bytes.NewReader(asked.Alert))
	// As falcosidekick does: a number stays the text that it is.
	decoder.UseNumber()
	if err := decoder.Decode(&of); err != nil {
		return "", err
	}
	var text strings.Builder
	err = parsed.Execute(&text, of)
	return text.String(), err
}

func alertmanager(asked question) (string, error) {
	parsed, err := template.FromGlobs(asked.Files)
	if err != nil {
		return "", err
	}
	parsed.ExternalURL, _ = url.Parse("http://alertmanager.example.org")
	var all []*alerts.Alert
	for _, each := range asked.Alerts {
		all = append(all, &alerts.Alert{Alert: each})
	}
	return parsed.ExecuteTextString(asked.Alertmanager, parsed.Data("people", asked.Group, nil, "", all...))
}
