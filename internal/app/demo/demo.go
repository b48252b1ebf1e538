// Package demo owns the gateway that anybody can try: on loopback, with a
// synthetic population register, an inbox for everybody's mail, four services
// and two desks. It refuses to listen to the outside, and what it makes is marked so
// that a gateway in earnest refuses it.
package demo

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"kapu/internal/app"
	"kapu/internal/filelock"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/notify"
	"kapu/internal/register"
	registerhttp "kapu/internal/register/http"
	"kapu/internal/simulator/mailbox"
	"kapu/internal/simulator/population"
	"kapu/internal/witness"
)

// Options are what the demo can be told.
type Options struct {
	Data     string           // folder of its data
	Fresh    bool             // forget what is in the folder
	Listen   string           // the gateway's own host:port; the rest takes the ports after it
	Database string           // "" for a SQLite file in the folder
	Now      func() time.Time // the clock; nil is the machine's
	Law      []law.Row        // by which the demo departs from the law, to show what is rare
	Log      *slog.Logger
}

// Demo is a running demo.
type Demo struct {
	Description
	App        *app.App
	Population *population.Register
	Mailbox    *mailbox.Box
	Witness    *witness.Witness // as somebody outside would run one

	options Options
	law     law.Table
	lock    *os.File // on the data folder
	running sync.WaitGroup
	stop    context.CancelFunc
	failed  chan error
}

// Start starts everything and returns when everything answers. demo.json is
// written last.
func Start(ctx context.Context, o Options) (*Demo, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	ctx, stop := context.WithCancel(ctx)
	d := &Demo{options: o, stop: stop, failed: make(chan error, 8)}
	if err := d.start(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *Demo) start(ctx context.Context) error {
	doors, err := d.listen() // first: a second demo on the same ports must not touch the first one's folder
	if err != nil {
		return err
	}
	ring, err := d.folder()
	if err != nil {
		return err
	}
	if d.law, err = law.Default().With(d.options.Law...); err != nil {
		return err
	}
	d.Population = population.New(population.Options{Now: d.options.Now})
	if err := d.simulate(ctx, doors, ring); err != nil {
		return err
	}
	if d.Clerks, d.Citizens, err = seed(ctx, d.App, d.Population); err != nil {
		return err
	}
	d.App.Outbox.Wake()
	if d.People, err = d.unregistered(ctx, len(d.Population.People())); err != nil {
		return err
	}
	return d.write(d.options.Data)
}

// Parts are a demo's data as a command of an operator sees them, without the
// world around.
func Parts(dir string, log *slog.Logger) (app.Parts, error) {
	ring, err := keys.Open(filepath.Join(dir, "keys.json"))
	if err != nil {
		return app.Parts{}, err
	}
	return app.Parts{
		Issuer: issuerOf(dir), Database: "sqlite:" + filepath.Join(dir, "kapu.db"), Ring: ring, Law: law.Default(),
		Population: population.New(population.Options{}), Origin: ledgerOrigin, Witness: filepath.Join(dir, witnessName), Now: time.Now, Log: log,
	}, nil
}

// issuerOf is where the demo of a folder answers, or where it would by default.
func issuerOf(dir string) string {
	var d Description
	text, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil || json.Unmarshal(text, &d) != nil || d.Issuer == "" {
		return "http://localhost:8080"
	}
	return d.Issuer
}

// ledgerOrigin names the demo's ledger, wherever the demo listens.
const ledgerOrigin = "demo.kapu.example/ledger"

// witnessName is the file that collects the ledger's heads, and lockName the one
// that a running demo holds.
const (
	witnessName = "ledger.heads"
	lockName    = "lock"
)

// folder prepares the data folder and returns its keys.
func (d *Demo) folder() (*keys.Ring, error) {
	err := os.MkdirAll(d.options.Data, 0o700)
	if err != nil {
		return nil, err
	}
	if d.lock, err = filelock.Hold(filepath.Join(d.options.Data, lockName)); err != nil {
		// Two would take each other's mail, and --fresh would pull the data away.
		return nil, fmt.Errorf("demo: another demo is running on the data in %s; end it, or choose another folder with --data DIR: %w", d.options.Data, err)
	}
	if d.options.Fresh {
		if err := d.forget(); err != nil {
			return nil, err
		}
	}
	_ = os.Remove(filepath.Join(d.options.Data, fileName)) // whoever waits for it must not read an old one
	return keys.OpenOrCreate(filepath.Join(d.options.Data, "keys.json"), true)
}

// forget removes what an earlier demo left in the folder, and nothing else.
func (d *Demo) forget() error {
	for _, name := range []string{fileName, "keys.json", "kapu.db", "kapu.db-wal", "kapu.db-shm", witnessName, witnessKey, witnessState} {
		if err := os.Remove(filepath.Join(d.options.Data, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// doors are the listeners of the demo.
type doors struct {
	gateway, tax, town, register, library, health net.Listener
	host                                          string
	line                                          string // of the telephone
}

// listen opens the gateway's port and the ones after it; port 0 lets the
// machine choose them all.
func (d *Demo) listen() (doors, error) {
	host, text, err := net.SplitHostPort(d.options.Listen)
	if err != nil {
		return doors{}, fmt.Errorf("demo: --listen wants HOST:PORT, like localhost:8080: %w", err)
	}
	port, err := strconv.Atoi(text)
	if err != nil || port < 0 || port > 65535-6 {
		return doors{}, fmt.Errorf("demo: %q is no port", text)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return doors{}, errors.New("demo: the demo listens on this machine only (localhost, 127.0.0.1 or [::1]); `kapu serve` is for others")
	}
	open := doors{host: host}
	for i, l := range []*net.Listener{&open.gateway, &open.tax, &open.town, &open.register, &open.library, &open.health} {
		at := after(port, i)
		if *l, err = net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(at))); err != nil {
			return doors{}, fmt.Errorf("demo: port %d is in use; choose another with --listen localhost:%d: %w", at, port+100, err)
		}
	}
	open.line = net.JoinHostPort(loopback(host), strconv.Itoa(after(port, 6)))
	return open, nil
}

// after is the port so many after another; 0 lets the machine choose.
func after(port, n int) int {
	if port == 0 {
		return 0
	}
	return port + n
}

// loopback is the address of a host of this machine.
func loopback(host string) string {
	if ip := net.ParseIP(host); ip != nil {
		return ip.String()
	}
	return "127.0.0.1"
}

// address is the web address of a listener, by the name the demo was given.
func (o doors) address(l net.Listener) string {
	return "http://" + net.JoinHostPort(o.host, strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
}

// simulate starts the outside world and the gateway in its middle.
func (d *Demo) simulate(ctx context.Context, open doors, ring *keys.Ring) error {
	client, err := d.register(ctx, open.register)
	if err != nil {
		return err
	}
	senders, err := d.senders()
	if err != nil {
		return err
	}
	d.addresses(open.address(open.gateway))
	world, err := d.services(open, ring)
	if err != nil {
		return err
	}
	signer, witnesses, err := d.witnessKey()
	if err != nil {
		return err
	}
	calls, err := line(open.line)
	if err != nil {
		return err
	}
	d.App, err = app.New(ctx, app.Parts{
		Issuer: d.Issuer, Database: d.database(), Ring: ring, Law: d.law, Services: world.catalogue, Population: client,
		WitnessKeys: witnesses, Senders: senders, Origin: ledgerOrigin, Witness: filepath.Join(d.options.Data, witnessName),
		Telephone: calls, Now: d.options.Now, Log: d.options.Log, Extra: d.pages,
	})
	if err != nil {
		return err
	}
	d.Telephone = "sip:1818@" + d.App.Line().Address().String()
	d.running.Go(func() { d.App.Run(ctx) })
	d.serve(ctx, app.NewServer(d.App.Handler, nil, d.options.Log), open.gateway)
	if err := d.watch(ctx, signer); err != nil {
		return err
	}
	d.serve(ctx, app.NewServer(world.tax, nil, d.options.Log), open.tax)
	d.serve(ctx, app.NewServer(world.town, nil, d.options.Log), open.town)
	d.serve(ctx, app.NewServer(world.library, nil, d.options.Log), open.library)
	d.serve(ctx, app.NewServer(world.health, nil, d.options.Log), open.health)
	return nil
}

// register starts the population register, and returns the way there.
func (d *Demo) register(ctx context.Context, at net.Listener) (register.Population, error) {
	certificates, err := population.NewCertificates(time.Now())
	if err != nil {
		return nil, err
	}
	server := population.Server(d.Population, certificates.Server)
	server.ErrorLog = slog.NewLogLogger(d.options.Log.Handler(), slog.LevelDebug)
	d.serve(ctx, server, at)
	d.Register = "https://" + at.Addr().String()
	return registerhttp.New(registerhttp.Config{BaseURL: d.Register, TLS: certificates.Client, Now: d.options.Now})
}

// senders carry mail and text messages into everybody's mailbox.
func (d *Demo) senders() (map[string]notify.Sender, error) {
	post, err := d.post()
	if err != nil {
		return nil, err
	}
	phones, err := notify.NewGateway(d.Mailbox.SMS())
	return map[string]notify.Sender{notify.Mail: post, notify.SMS: phones}, err
}

// mailDomain is where the demo's mail comes from.
const mailDomain = "kapu.example"

// post opens everybody's mailbox and returns the way there: encrypted and
// signed, as a gateway's mail should be.
func (d *Demo) post() (*notify.SMTP, error) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, err
	}
	signer := notify.DKIM{Domain: mailDomain, Selector: "demo", Key: key}
	name, value, err := signer.Record()
	if err != nil {
		return nil, err
	}
	if d.Mailbox, err = mailbox.Open(mailbox.Options{Now: d.options.Now, Records: map[string]string{name: value}}); err != nil {
		return nil, err
	}
	return notify.NewSMTP(notify.SMTPConfig{Host: d.Mailbox.Host(), Port: d.Mailbox.Port(), Roots: d.Mailbox.Roots(),
		From: mail.Address{Name: "Kapu", Address: "ertesites@" + mailDomain}, DKIM: &signer})
}

func (d *Demo) addresses(issuer string) {
	d.Issuer, d.Description.Start, d.Portal, d.Office = issuer, issuer+"/demo", issuer+"/", issuer+"/office"
	d.Inbox, d.Gallery = issuer+"/inbox", issuer+"/gallery"
}

func (d *Demo) database() string {
	if d.options.Database != "" {
		return d.options.Database
	}
	return "sqlite:" + filepath.Join(d.options.Data, "kapu.db")
}

func (d *Demo) serve(ctx context.Context, s *http.Server, l net.Listener) {
	d.running.Go(func() {
		if err := app.Serve(ctx, s, l); err != nil {
			select {
			case d.failed <- err:
			default:
			}
		}
	})
}

// Wait waits until ctx ends or a part of the demo fails.
func (d *Demo) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-d.failed:
		return err
	}
}

// Close ends everything.
func (d *Demo) Close() error {
	d.stop()
	d.running.Wait()
	var err error
	if d.Mailbox != nil {
		err = d.Mailbox.Close()
	}
	if d.App != nil {
		err = errors.Join(err, d.App.Close())
	}
	if d.Witness != nil {
		err = errors.Join(err, d.Witness.Close())
	}
	if d.lock != nil {
		err = errors.Join(err, d.lock.Close())
	}
	return err
}
