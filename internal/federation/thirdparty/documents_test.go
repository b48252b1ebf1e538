package thirdparty

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// update writes the examples into the page anew: go test ./internal/federation/thirdparty -run TestIntegrationPage -update
var update = flag.Bool("update", false, "write the examples into docs/integration.md")

const integrationPage = "../../../docs/integration.md"

// printed is an example in the page: the comment that names the file, and the
// block after it.
var printed = regexp.MustCompile("(?s)<!-- example: (\\S+) -->\n```(\\w+)\n.*?```\n")

// TestIntegrationPage holds the code in docs/integration.md to the files that
// TestExamples, TestMellon and TestNodeSAML run.
func TestIntegrationPage(t *testing.T) {
	text, err := os.ReadFile(integrationPage)
	check(t, err)
	shown := map[string]bool{}
	current := printed.ReplaceAllStringFunc(string(text), func(block string) string {
		parts := printed.FindStringSubmatch(block)
		shown[parts[1]] = true
		content, err := os.ReadFile(filepath.Join("examples", parts[1]))
		check(t, err)
		return "<!-- example: " + parts[1] + " -->\n```" + parts[2] + "\n" + strings.TrimSuffix(string(content), "\n") + "\n```\n"
	})
	if *update {
		check(t, os.WriteFile(integrationPage, []byte(current), 0o644))
	} else if current != string(text) {
		t.Error("docs/integration.md prints other examples than those that are run: run this test with -update")
	}
	for _, example := range []string{"register.sh", "service.yaml", "curl/sign-in.sh", "curl/machine.sh", "curl/match.sh", "node/service.mjs", "go/main.go", "apache/site.conf", "apache/members.html",
		"mellon/register.sh", "mellon/site.conf", "mellon/add.sh", "mellon/members.html", "node-saml/service.mjs", "node-saml/add.sh"} {
		if !shown[example] {
			t.Errorf("docs/integration.md does not print %s", example)
		}
	}
}
