// cyclonus as a judge: reads a JSON array of situations on stdin and prints a JSON array of verdicts, one each, by
// cyclonus' own matcher of NetworkPolicies. The tests hold ours against it.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// peer is one end of a connection; without a namespace it is outside the cluster.
type peer struct {
	IP              string            `json:"ip"`
	Namespace       string            `json:"namespace"`
	NamespaceLabels map[string]string `json:"namespaceLabels"`
	Labels          map[string]string `json:"labels"`
}

// situation is policies, and a connection among them.
type situation struct {
	Policies    []*networkingv1.NetworkPolicy `json:"policies"`
	Source      peer                          `json:"source"`
	Destination peer                          `json:"destination"`
	Protocol    corev1.Protocol               `json:"protocol"`
	Port        int                           `json:"port"`
	// PortName is the name of that port on the destination, if it has one.
	PortName string `json:"portName"`
}

// verdict says which directions are allowed: as cyclonus reads label selectors, and as Kubernetes documents them.
type verdict struct {
	Documented directions `json:"documented"`
	AsIs       directions `json:"asIs"`
}

type directions struct {
	Egress  bool `json:"egress"`
	Ingress bool `json:"ingress"`
}

func main() {
	var situations []situation
	decoder := json.NewDecoder(os.Stdin)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&situations); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	verdicts := make([]verdict, len(situations))
	for i := range situations {
		defaultTypes(situations[i].Policies)
		verdicts[i].AsIs = judge(situations[i])
		verdicts[i].Documented = judge(documented(situations[i]))
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func judge(s situation) directions {
	result := matcher.BuildNetworkPolicies(false, s.Policies).IsTrafficAllowed(&matcher.Traffic{
		Source:           trafficPeer(s.Source),
		Destination:      trafficPeer(s.Destination),
		ResolvedPort:     s.Port,
		ResolvedPortName: s.PortName,
		Protocol:         s.Protocol,
	})
	return directions{Egress: result.Egress.IsAllowed(), Ingress: result.Ingress.IsAllowed()}
}

func trafficPeer(p peer) *matcher.TrafficPeer {
	if p.Namespace == "" {
		return &matcher.TrafficPeer{IP: p.IP}
	}
	internal := &matcher.InternalPeer{Namespace: p.Namespace, NamespaceLabels: p.NamespaceLabels, PodLabels: p.Labels}
	return &matcher.TrafficPeer{IP: p.IP, Internal: internal}
}

// defaultTypes sets absent policyTypes as the API server does; cyclonus refuses a policy without them.
func defaultTypes(policies []*networkingv1.NetworkPolicy) {
	for _, policy := range policies {
		if len(policy.Spec.PolicyTypes) > 0 {
			continue
		}
		policy.Spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
		if len(policy.Spec.Egress) > 0 {
			policy.Spec.PolicyTypes = append(policy.Spec.PolicyTypes, networkingv1.PolicyTypeEgress)
		}
	}
}

const (
	// shadowPrefix begins a key under which every object has a value, that of the key after it or absent.
	shadowPrefix = "shadow-of/"
	absent       = "absent-here"
)

// documented rewrites a situation so that cyclonus reads two things as Kubernetes does: NotIn matches an object that lacks
// the key (cyclonus: it does not), and matchLabels with an empty value does not (cyclonus: it does). Both then ask for a key
// that every object has.
func documented(s situation) situation {
	keys := map[string]bool{}
	rewritten := situation{Protocol: s.Protocol, Port: s.Port, PortName: s.PortName}
	for _, policy := range s.Policies {
		copied := policy.DeepCopy()
		for _, selector := range selectors(copied) {
			rewrite(selector, keys)
		}
		rewritten.Policies = append(rewritten.Policies, copied)
	}
	rewritten.Source = shadowed(s.Source, keys)
	rewritten.Destination = shadowed(s.Destination, keys)
	return rewritten
}

func selectors(policy *networkingv1.NetworkPolicy) []*metav1.LabelSelector {
	found := []*metav1.LabelSelector{&policy.Spec.PodSelector}
	add := func(peers []networkingv1.NetworkPolicyPeer) {
		for _, peer := range peers {
			found = append(found, peer.PodSelector, peer.NamespaceSelector)
		}
	}
	for _, rule := range policy.Spec.Ingress {
		add(rule.From)
	}
	for _, rule := range policy.Spec.Egress {
		add(rule.To)
	}
	return found
}

func rewrite(selector *metav1.LabelSelector, keys map[string]bool) {
	if selector == nil {
		return
	}
	for key, value := range selector.MatchLabels {
		if value == "" {
			delete(selector.MatchLabels, key)
			selector.MatchExpressions = append(selector.MatchExpressions, metav1.LabelSelectorRequirement{
				Key: key, Operator: metav1.LabelSelectorOpIn, Values: []string{""},
			})
		}
	}
	for i := range selector.MatchExpressions {
		if expression := &selector.MatchExpressions[i]; expression.Operator == metav1.LabelSelectorOpNotIn {
			keys[expression.Key] = true
			expression.Key = shadowPrefix + expression.Key
		}
	}
}

func shadowed(p peer, keys map[string]bool) peer {
	p.Labels, p.NamespaceLabels = withShadows(p.Labels, keys), withShadows(p.NamespaceLabels, keys)
	return p
}

func withShadows(labels map[string]string, keys map[string]bool) map[string]string {
	all := map[string]string{}
	for key, value := range labels {
		all[key] = value
	}
	for key := range keys {
		value, has := labels[key]
		if !has {
			value = absent
		}
		all[shadowPrefix+key] = value
	}
	return all
}
