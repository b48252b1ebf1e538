package portal

import (
	"errors"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

// told is an entry of the ledger as a page tells it. The words of the language
// are put in by the template: every sentence draws on the same arguments.
type told struct {
	ID      string
	At      time.Time
	Kind    string
	Key     string // of the sentence
	Icon    string
	Odd     bool
	Method  law.Method
	Service map[string]string // name by language
	Office  string
	Reason  string
	Medium  string   // key
	Data    []string // keys
	Parts   []part   // further sentences
	Ground  string   // the law that lets the service have them

	GroundKey string // of the sentence that says so

	Device  string
	Address string
	When    time.Time // the moment or day the sentence speaks of
	Number  int
	Level   int
	Placed  bool  // it has its place in the tree, and so a receipt
	Place   int64 // counted from 1
	Intact  bool
}

// part is a sentence that names data.
type part struct {
	Key  string
	Data []string // keys
}

// ServiceIn is the name of the service in a language.
func (t told) ServiceIn(lang web.Lang) string { return catalogue.In(t.Service, string(lang)) }

// MethodKey is the key of the method's name.
func (t told) MethodKey() string { return methodKey(t.Method) }

// Via says whether the method stands beside the sentence rather than in it.
func (t told) Via() bool { return t.Kind == (ledger.Released{}).Kind() }

// tell makes an entry ready to be told.
func (x *Room) tell(tx *store.Tx, r ledger.Record) (t told, err error) {
	t = toldOf(r)
	t.Service = x.serviceName(t.Service["hu"])
	t.Office, err = x.officeName(tx, t.Office)
	return t, err
}

// toldOf tells an entry with the ids of services and offices in place of their
// names.
func toldOf(r ledger.Record) told {
	f := factsOf(r.Event)
	t := told{
		ID: r.ID, At: r.At, Kind: r.Kind, Method: f.method, Service: map[string]string{"hu": f.service}, Office: f.office,
		Reason: f.reason, Medium: mediumKey(f.medium), Device: f.device, Address: f.address, Level: int(f.level),
		When: f.when, Number: f.number,
		Placed: r.Position >= 0, Place: r.Position + 1, Intact: r.Intact, Odd: !r.Intact, Key: unknownKey, Icon: unknownKind.icon,
	}
	t.Data, t.Ground, t.GroundKey = append(dataKeys(f.data), f.keys...), f.ground, f.groundKey
	for _, p := range f.parts {
		t.Parts = append(t.Parts, part{p.key, dataKeys(p.data)})
	}
	if tale, known := tales[r.Kind]; known && r.Event != nil {
		t.Key, t.Icon, t.Odd = tale.key(r.Kind, f.variant), tale.icon, tale.odd || t.Odd
	}
	return t
}

// serviceName is the name of a service, or its id when it is no longer listed.
func (x *Room) serviceName(id string) map[string]string {
	if s := x.Catalogue.Service(id); s != nil {
		return s.Name
	}
	return map[string]string{"hu": id}
}

// officeName is the name of an office, or its id when it is no longer listed.
func (x *Room) officeName(tx *store.Tx, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	o, err := tx.Office(id)
	if errors.Is(err, store.ErrNotFound) {
		return id, nil
	}
	return o.Name, err
}
