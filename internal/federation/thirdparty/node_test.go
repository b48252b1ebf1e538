package thirdparty

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
)

// node is the driver of openid-client (node/driver.mjs).
type node struct {
	t     testing.TB
	in    *json.Encoder
	lines *bufio.Scanner
}

// longestAnswer is the most bytes that a line of the driver can have.
const longestAnswer = 1 << 20

// startNode starts the driver, or skips the test where Node or its packages are missing.
func startNode(t testing.TB) *node {
	t.Helper()
	needNode(t)
	c := exec.CommandContext(t.Context(), "node", "driver.mjs")
	c.Dir, c.Stderr = "node", t.Output()
	in, err := c.StdinPipe()
	check(t, err)
	out, err := c.StdoutPipe()
	check(t, err)
	check(t, c.Start())
	t.Cleanup(func() {
		_ = in.Close()
		_, _ = io.Copy(io.Discard, out)
		_ = c.Wait() // the test's context may have ended it
	})
	n := &node{t: t, in: json.NewEncoder(in), lines: bufio.NewScanner(out)}
	n.lines.Buffer(nil, longestAnswer)
	return n
}

func needNode(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed: openid-client is left out (make setup brings it)")
	}
	if _, err := os.Stat("node/node_modules/openid-client"); err != nil {
		t.Skip("the packages of node/ are not installed: openid-client is left out (make setup brings them)")
	}
}

// on lets a subtest of the test that started the driver speak with it.
func (n *node) on(t testing.TB) *node {
	return &node{t, n.in, n.lines}
}

// with are the arguments of what the driver does.
type with map[string]any

// does tells the driver what to do and returns what came of it.
func (n *node) does(verb string, what with) map[string]any {
	n.t.Helper()
	answer := n.ask(verb, what)
	if failed, ok := answer["failed"]; ok {
		n.t.Fatalf("openid-client, %s: %v", verb, failed)
	}
	return answer
}

// fails tells the driver what to do, and expects that it fails with that error.
func (n *node) fails(code, verb string, what with) {
	n.t.Helper()
	failed, _ := n.ask(verb, what)["failed"].(map[string]any)
	if failed["error"] != code {
		n.t.Fatalf("openid-client, %s: %v, want %s", verb, failed, code)
	}
}

func (n *node) ask(verb string, what with) (answer map[string]any) {
	n.t.Helper()
	line := with{"do": verb}
	for name, value := range what {
		line[name] = value
	}
	check(n.t, n.in.Encode(line))
	if !n.lines.Scan() {
		n.t.Fatalf("openid-client, %s: the driver has ended", verb)
	}
	check(n.t, json.Unmarshal(n.lines.Bytes(), &answer))
	return answer
}

// text is a value of an answer that is text; "" where it is none.
func text(answer map[string]any, name string) string {
	s, _ := answer[name].(string)
	return s
}
