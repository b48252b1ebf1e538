package thirdparty

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/oauth2"

	"kapu/internal/browsertest"
)

// workshop is a developer's folder: the examples, with the addresses of this
// test's gateway and of a free port, the folder of the demo, and kapu in the path.
type workshop struct {
	t      testing.TB
	folder string
	here   string // address of the service
	secret string
	words  *strings.Replacer
}

func newWorkshop(t testing.TB) *workshop {
	t.Helper()
	d := open(t)
	port := freePort(t)
	w := &workshop{t: t, folder: t.TempDir(), here: "http://localhost:" + port}
	w.words = strings.NewReplacer("http://localhost:8080", d.Issuer, "localhost:9000", "localhost:"+port, "localhost%3A9000", "localhost%3A"+port)
	check(t, os.Symlink(house.folder, filepath.Join(w.folder, "demo")))
	w.run(exec.Command("go", "build", "-buildvcs=false", "-o", w.folder, "kapu/cmd/kapu"))
	return w
}

// freePort is a port on which nothing listens now.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	check(t, err)
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	check(t, err)
	return port
}

func (w *workshop) on(t testing.TB) *workshop {
	of := *w
	of.t = t
	return &of
}

// run runs a command to its end and returns what it says.
func (w *workshop) run(c *exec.Cmd) string {
	w.t.Helper()
	out, err := c.CombinedOutput()
	if err != nil {
		w.t.Fatalf("%v: %v\n%s", c, err, out)
	}
	return string(out)
}

// copied brings an example into the workshop.
func (w *workshop) copied(example string) string {
	w.t.Helper()
	content, err := os.ReadFile(filepath.Join("examples", example))
	check(w.t, err)
	path := filepath.Join(w.folder, filepath.Base(example))
	check(w.t, os.WriteFile(path, []byte(w.words.Replace(string(content))), 0o600))
	return path
}

// command is a command in the workshop, as a developer types it.
func (w *workshop) command(name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(w.t.Context(), name, args...)
	c.Dir, c.WaitDelay = w.folder, patience
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) } // on which Apache ends its children, too
	c.Env = append(os.Environ(), "PATH="+w.folder+string(os.PathListSeparator)+os.Getenv("PATH"), "CLIENT_SECRET="+w.secret)
	return c
}

// starts starts a service, which ends with the test, and waits until it listens.
func (w *workshop) starts(c *exec.Cmd) {
	w.t.Helper()
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	check(w.t, c.Start())
	w.t.Cleanup(func() { // by when the test's context has told it to end
		_ = c.Wait()
		if w.t.Failed() {
			w.t.Logf("%v says:\n%s", c, &said)
		}
	})
	until(w.t, "the service at "+w.here, func() bool {
		l, err := (&net.Dialer{}).DialContext(w.t.Context(), "tcp", strings.TrimPrefix(w.here, "http://"))
		if err == nil {
			l.Close()
		}
		return err == nil
	})
}

var knownAs = regexp.MustCompile(`This service knows you as [\w-]{20,}@http://localhost`)

var secretShown = regexp.MustCompile(`client_secret\s+(\S+)`)

// TestExamples does what docs/integration.md tells a developer to do, in its
// order, with the files that it prints.
func TestExamples(t *testing.T) {
	chromium := browsertest.Start(t) // first: without it nothing need be built
	w := newWorkshop(t)
	catalogue := open(t).App.Catalogue
	shown := secretShown.FindStringSubmatch(w.run(w.command("sh", w.copied("register.sh"))))
	if shown == nil {
		t.Fatal("registering shows no secret")
	}
	w.secret = shown[1]
	until(t, "the running demo to know the service", func() bool { return catalogue.Client("my-service") != nil })

	t.Run("curl", func(t *testing.T) { w.on(t).curl() })
	t.Run("node", func(t *testing.T) {
		needNode(t)
		w := w.on(t)
		packages, err := filepath.Abs("node/node_modules")
		check(t, err)
		check(t, os.Symlink(packages, filepath.Join(w.folder, "node_modules")))
		w.starts(w.command("node", w.copied("node/service.mjs")))
		w.walk(newVisitor(t, chromium))
	})
	w.run(w.command(filepath.Join(w.folder, "kapu"), "admin", "service", "change", "--data", "demo", w.copied("service.yaml")))
	until(t, "the running demo to know the change", func() bool { return catalogue.Client("my-service").OIDC.BackchannelLogout != "" })
	t.Run("machine", func(t *testing.T) {
		w := w.on(t)
		if said := w.run(w.command("sh", w.copied("curl/machine.sh"))); !strings.Contains(said, `"active":true`) {
			t.Error(said)
		}
	})
	t.Run("match", func(t *testing.T) { w.on(t).match() })
	t.Run("go", func(t *testing.T) {
		w := w.on(t)
		program := filepath.Join(w.folder, "service")
		w.run(exec.Command("go", "build", "-buildvcs=false", "-o", program, "-ldflags", "-X main.issuer="+open(t).Issuer+" -X main.here="+w.here, "./examples/go"))
		w.starts(w.command(program))
		v := newVisitor(t, chromium)
		w.walk(v)
		w.hears(v)
	})
	t.Run("apache", func(t *testing.T) {
		w := w.on(t)
		w.starts(w.apache())
		v := newVisitor(t, chromium)
		w.walk(v)
		if !knownAs.MatchString(v.Text()) {
			t.Errorf("REMOTE_USER is not set: %s", v.Text())
		}
		w.hears(v)
	})
}

// walk signs somebody in and out at an example.
func (w *workshop) walk(v visitor) {
	w.t.Helper()
	v.Visit(w.here + "/")
	v.Click("Sign in")
	v.signsIn()
	v.See("Hello, " + v.c.Name)
	v.Click("Sign out")
	v.See("Sign in")
	v.Click("Sign in")
	v.signsIn()
	v.See("Hello, " + v.c.Name)
}

// hears signs the visitor out at the gateway, of which the example then knows.
func (w *workshop) hears(v visitor) {
	w.t.Helper()
	inside := v.Address()
	v.leavesGateway()
	until(w.t, "the service to hear of it", func() bool {
		v.Visit(inside)
		return !v.Sees("Hello, " + v.c.Name)
	})
}

// match has somebody sign in with scope match, and compares.
func (w *workshop) match() {
	w.t.Helper()
	asks := oauth2.Config{ClientID: "my-service", ClientSecret: w.secret, RedirectURL: w.here + "/callback", Scopes: []string{"openid", "match"},
		Endpoint: oauth2.Endpoint{AuthURL: open(w.t).Issuer + "/oidc/authorize", TokenURL: open(w.t).Issuer + "/oidc/token"}}
	answer, err := url.Parse(newBrowser(w.t).signIn(asks.AuthCodeURL("state"), newcomer(w.t)).leaves(w.t))
	check(w.t, err)
	tokens, err := asks.Exchange(w.t.Context(), answer.Query().Get("code"))
	check(w.t, err)
	c := w.command("sh", w.copied("curl/match.sh"))
	c.Env = append(c.Env, "ACCESS_TOKEN="+tokens.AccessToken)
	if said := w.run(c); said != `{"birthdate":false,"tax_number":false}` {
		w.t.Error(said)
	}
}

// curl plays who pastes the address that the browser shows.
func (w *workshop) curl() {
	w.t.Helper()
	for _, program := range []string{"curl", "openssl", "basenc"} {
		if _, err := exec.LookPath(program); err != nil {
			w.t.Skip(program + " is not installed: the example with curl is left out")
		}
	}
	c := w.command("sh", w.copied("curl/sign-in.sh"))
	c.Stderr = w.t.Output()
	in, err := c.StdinPipe()
	check(w.t, err)
	out, err := c.StdoutPipe()
	check(w.t, err)
	check(w.t, c.Start())
	var said strings.Builder
	who := newcomer(w.t)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if address := lines.Text(); strings.HasPrefix(address, "http") {
			fmt.Fprintln(in, newBrowser(w.t).signIn(address, who).leaves(w.t))
		}
	}
	check(w.t, c.Wait())
	if !strings.Contains(said.String(), who.Name) {
		w.t.Errorf("%s is not in what it says:\n%s", who.Name, &said)
	}
}
