// Package app owns the wiring: it makes one program of the rooms. Read [New]
// first: it lists the parts and the order in which they are mounted. It refuses
// to decide anything that a room could decide.
package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	oidc "kapu/internal/federation/oidc/provider"
	saml "kapu/internal/federation/saml/provider"
	"kapu/internal/herald"
	"kapu/internal/job"
	"kapu/internal/keys"
	"kapu/internal/keys/pkcs11"
	"kapu/internal/keys/rotation"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/life"
	passwords "kapu/internal/method/password"
	"kapu/internal/notify"
	"kapu/internal/phone"
	"kapu/internal/register"
	"kapu/internal/sandbox"
	"kapu/internal/store"
	"kapu/internal/telephone"
	"kapu/internal/throttle"
	"kapu/internal/volatile"
	"kapu/internal/web"
)

// Parts are what differs between a gateway in earnest, a demo and a test.
type Parts struct {
	Issuer       string // public address, without a slash at the end
	Database     string // sqlite:FILE or postgres://…
	Ring         *keys.Ring
	Law          law.Table
	Services     []*catalogue.Service // those that do not change
	ServicesFile string               // YAML list of services, read again when it changes; "" for none
	Population   register.Population
	Senders      map[string]notify.Sender // by medium: "mail", "sms"
	Origin       string                   // names the ledger on its signed heads, for ever: like kapu.example.hu/ledger
	Witness      string                   // file that collects the ledger's heads; "" for none
	WitnessKeys  []string                 // public keys of outside witnesses of the ledger
	Proxied      bool                     // a proxy of ours sets X-Forwarded-For
	Mutual       oidc.Mutual              // how services show certificates
	Holder       pkcs11.Module            // keeps the signing keys of what services are answered with; nil: the database does
	Telephone    *telephone.Config        // where citizens call; nil: nowhere. What answers is the gateway's matter
	Now          func() time.Time
	Log          *slog.Logger
	// Extra adds pages that are not the gateway's own: the demo's.
	Extra func(mux *http.ServeMux, shell *web.Shell)
}

// App is a gateway, ready to serve.
type App struct {
	Parts
	DB        *store.DB
	Volatile  *volatile.SQL
	Shell     *web.Shell
	Catalogue *catalogue.Catalogue
	Ledger    *ledger.Ledger
	Broker    *broker.Broker
	Passwords *passwords.Hasher
	Outbox    *notify.Worker
	Handler   http.Handler

	messages    *prometheus.CounterVec
	loading     sync.Mutex          // held while the catalogue is read again
	loaded      string              // fingerprint of the catalogue in force
	signing     *rotation.Sets      // of ID tokens
	heads       *rotation.Set       // of the ledger
	seen        *rotation.Sightings // of services, and of who fetches keys
	sandbox     *sandbox.Keeper
	life        *life.Life
	heralds     *herald.Herald // tells people what happened in their name
	calm        calm
	lapse       func(context.Context) error        // registrations that nobody activated
	draw        func(context.Context) (int, error) // lots for the desks' reviews
	oidc        *oidc.Provider
	saml        *saml.Provider
	sandboxRoom *sandbox.Room
	line        *telephone.Line
	attempts    map[string]*throttle.Gate // by the kind of secret
	phones      *phone.Register
	rest        func() // waits for what rooms write apart from their answers
}

// hashQuiet is how long the hashing of passwords rests before its memory is
// given back to the machine.
const hashQuiet = 5 * time.Second

// New wires a gateway. Close it after use.
func New(ctx context.Context, p Parts) (*App, error) {
	a := &App{Parts: p}
	if err := a.foundation(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	mux := http.NewServeMux()
	if err := a.mount(mux); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if err := a.openLine(a.talks()); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	a.Handler = a.calm.counting(a.Shell.Wrap(mux))
	return a, a.announce(ctx)
}

// foundation opens what all rooms stand on.
func (a *App) foundation(ctx context.Context) (err error) {
	if a.DB, err = store.Open(ctx, a.Database, store.Options{Ring: a.Ring, Now: a.Now, Log: a.Log}); err != nil {
		return err
	}
	a.Volatile = volatile.NewSQL(a.DB)
	a.sandbox = sandbox.NewKeeper(a.Volatile, a.Ring, a.Now)
	if err := a.openLedger(ctx); err != nil {
		return err
	}
	a.Passwords, err = passwords.NewHasher(passwords.Config{Params: passwords.OWASP, Peppers: [][]byte{a.Ring.Pepper()}, Release: debug.FreeOSMemory, Quiet: hashQuiet})
	if err != nil {
		return err
	}
	if _, err = a.reload(ctx); err != nil {
		return err
	}
	a.life = life.New(life.Config{DB: a.DB, Ledger: a.Ledger, Law: a.Law, Ring: a.Ring, Issuer: a.Issuer, Now: a.Now, Log: a.Log, Ending: a.Mandates().AccountsEnd})
	a.heralds = &herald.Herald{Config: herald.Config{
		DB: a.DB, Ledger: a.Ledger, Law: a.Law, Ring: a.Ring, Now: a.Now, Service: a.serviceName, Home: a.Issuer + "/account",
	}}
	a.messages = newMessages()
	a.Outbox = &notify.Worker{DB: a.DB, Senders: a.Senders, Now: a.Now, Log: a.Log, Count: func(medium, outcome string) { a.messages.WithLabelValues(medium, outcome).Inc() }}
	return nil
}

// announce says, in the log and in the ledger, that the gateway started and by
// which rows it departs from the law.
func (a *App) announce(ctx context.Context) error {
	for _, row := range a.Law.Overrides() {
		a.Log.Warn("the law is overridden here", "rule", row.Rule, "value", row.Value, "from", row.From.String(), "until", row.Until.String(), "source", row.Source)
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := a.Ledger.Append(tx, "", ledger.Started{Version: Version(), Witnesses: a.WitnessKeys}); err != nil {
			return err
		}
		for _, row := range a.Law.Overrides() {
			event := ledger.LawOverridden{Rule: row.Rule, Value: row.Value, From: row.From.String(), Source: row.Source}
			if !row.Until.IsZero() {
				event.Until = row.Until.String()
			}
			if _, err := a.Ledger.Append(tx, "", event); err != nil {
				return err
			}
		}
		return nil
	})
}

// Run does the work that comes round until ctx ends.
func (a *App) Run(ctx context.Context) {
	tuneMemory()
	go a.Outbox.Run(ctx)
	go a.calm.run(ctx)
	var calls sync.WaitGroup
	if a.line != nil {
		calls.Go(func() { a.line.Run(ctx) })
	}
	job.New(job.Config{DB: a.DB, Now: a.Now, Log: a.Log}).Run(ctx, a.jobs())
	calls.Wait()
}

// How often the jobs come round.
const (
	sequenceEvery = time.Second
	logoutsEvery  = time.Second
	sweepEvery    = time.Minute
	rotateEvery   = time.Minute
	namesEvery    = time.Hour
	metadataEvery = 10 * time.Second // whether it is time; see metadataUsual for how long they are kept
	// messagesKept is how long the outbox remembers that something was sent.
	messagesKept = 30 * 24 * time.Hour
)

// jobs are all the work that comes round, in every process. Its book is what
// `kapu admin jobs` prints.
func (a *App) jobs() []job.Job {
	return []job.Job{
		{Name: "ledger", Every: sequenceEvery, Run: a.Ledger.Sequence, Everywhere: true},
		{Name: "services", Every: reloadEvery, Run: a.reload, Everywhere: true},
		{Name: "saml metadata", Every: metadataEvery, Run: a.refreshMetadata},
		{Name: "signing keys", Every: rotateEvery, Run: job.Work(a.signing.Tick), Everywhere: true},
		{Name: "sightings", Every: sightingsEvery, Run: a.seen.Flush, Everywhere: true},
		{Name: "ledger keys", Every: rotateEvery, Run: job.Work(a.heads.Tick), Everywhere: true},
		{Name: "life", Every: sweepEvery, Run: a.life.Sweep},
		{Name: "reminders", Every: namesEvery, Run: a.life.Relook},
		{Name: "acts", Every: sweepEvery, Run: a.life.Act},
		{Name: "names", Every: namesEvery, Run: a.life.FreeNames},
		{Name: "lapse", Every: sweepEvery, Run: job.Work(a.lapse)},
		{Name: "card codes", Every: sweepEvery, Run: a.cards(nil).Sweep},
		{Name: "telephones", Every: sweepEvery, Run: a.phones.Sweep},
		{Name: "reviews", Every: sweepEvery, Run: a.draw},
		{Name: "mandates", Every: sweepEvery, Run: func(ctx context.Context) (int, error) { return a.Mandates().Sweep(ctx, a.DB) }},
		{Name: "notices", Every: sweepEvery, Run: a.sweepReports},
		{Name: "statements", Every: sweepEvery, Run: a.heralds.Statements},
		{Name: "visits", Every: sweepEvery, Run: a.desk().ForgetVisits},
		{Name: "abandoned cases", Every: sweepEvery, Run: job.Work(a.desk().Abandon)},
		{Name: "grants", Every: sweepEvery, Run: a.oidc.Sweep},
		{Name: "logouts", Every: logoutsEvery, Run: a.oidc.TellServices, Everywhere: true},
		{Name: "saml logouts", Every: logoutsEvery, Run: a.saml.TellServices, Everywhere: true},
		{Name: "devices", Every: namesEvery, Run: a.forgetDevices},
		{Name: "volatile", Every: sweepEvery, Run: job.Work(a.Volatile.Sweep)},
		{Name: "outbox", Every: sweepEvery, Run: a.sweepOutbox},
		{Name: "forgetting", Every: sweepEvery, Run: job.Work(a.DB.Forget)},
	}
}

// deviceBatch is how many devices are forgotten at once.
const deviceBatch = 1000

func (a *App) forgetDevices(ctx context.Context) (done int, err error) {
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		n, err := tx.SweepDevices(a.Broker.DeviceSince(), deviceBatch)
		done = int(n)
		return err
	})
	return done, err
}

func (a *App) sweepOutbox(ctx context.Context) (done int, err error) {
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		n, err := tx.SweepMessages(tx.Now.Add(-messagesKept))
		done = int(n)
		return err
	})
	return done, err
}

// Close closes the database.
func (a *App) Close() error {
	if a.rest != nil {
		a.rest()
	}
	if a.line != nil {
		a.line.Close()
	}
	var err error
	if a.Holder != nil {
		err = a.Holder.Close()
	}
	if a.DB == nil {
		return err
	}
	return errors.Join(err, a.DB.Close())
}

// Version is the version of the program as the build recorded it.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "devel"
	}
	return info.Main.Version
}
