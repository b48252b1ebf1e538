package population_test

import (
	"crypto/tls"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/register"
	registerhttp "kapu/internal/register/http"
	"kapu/internal/simulator/population"
)

// serve starts the simulator with mutual TLS on loopback, and gives its address and the client's end.
func serve(t *testing.T, people *population.Register) (address string, client *tls.Config) {
	t.Helper()
	ends, err := population.NewCertificates(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := population.Server(people, ends.Server)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.ServeTLS(listener, "", "")
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	return "https://" + listener.Addr().String(), ends.Client
}

func connect(t *testing.T, address string, config *tls.Config) *registerhttp.Client {
	t.Helper()
	client, err := registerhttp.New(registerhttp.Config{BaseURL: address, TLS: config, Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdle)
	return client
}

func TestTheAnswersAreTheSameOverTheRoad(t *testing.T) {
	people := newRegister()
	address, ends := serve(t, people)
	client := connect(t, address, ends)
	for _, situation := range population.Situations() {
		entry := people.In(situation)[0]
		query := entry.Statement()
		query.RequestID = "request"
		want := check(t, people, query)
		if diff := cmp.Diff(want, check(t, client, query)); diff != "" {
			t.Errorf("%s: %s", situation, diff)
		}
		if record, err := client.ByReference(t.Context(), entry.Reference); err != nil || record.Person != entry.Person {
			t.Errorf("%s: %v", situation, err)
		}
	}
	if _, err := client.ByReference(t.Context(), "nobody"); !errors.Is(err, register.ErrUnknown) {
		t.Errorf("nobody: %v", err)
	}
}

func TestTheSwitchWorksOverTheRoad(t *testing.T) {
	people := newRegister()
	address, ends := serve(t, people)
	client := connect(t, address, ends)
	query := people.In(population.Ordinary)[0].Statement()
	people.SetDown(true)
	if _, err := client.Check(t.Context(), query); !errors.Is(err, register.ErrUnavailable) {
		t.Error(err)
	}
	people.SetDown(false)
	if !check(t, client, query).Confirmed() {
		t.Error("still closed")
	}
}

func TestNobodyIsServedWithoutTheRightCertificate(t *testing.T) {
	people := newRegister()
	address, ends := serve(t, people)
	strangers, err := population.NewCertificates(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	without, stranger := ends.Clone(), ends.Clone()
	without.Certificates = nil
	stranger.Certificates = strangers.Client.Certificates
	misled := ends.Clone()
	misled.RootCAs = strangers.Client.RootCAs
	for name, config := range map[string]*tls.Config{
		"no certificate": without, "a stranger's certificate": stranger, "a register we do not know": misled,
	} {
		_, err := connect(t, address, config).Check(t.Context(), people.In(population.Ordinary)[0].Statement())
		if !errors.Is(err, register.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
