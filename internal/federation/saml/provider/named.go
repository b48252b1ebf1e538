package provider

import (
	"context"
	"strings"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/store"
)

// named is what makes the name by which a service knows somebody in a session.
type named struct {
	Format  string // "" where that is not known yet
	Person  string // who came, or for whom they act
	Session string
	Behalf  bool // it is somebody for whom they act
}

// namedIn is how an answer names whom it speaks of.
func namedIn(a broker.Answer, format string) named {
	return named{format, a.Subject(), a.Session.ID, a.Mandate != nil}
}

// nameID is the name by which the service knows a person: for good, or for the
// one session (SAML Core, 8.3.7 and 8.3.8).
func (p *Provider) nameID(s *catalogue.Service, n named) wire.NameID {
	id := wire.NameID{NameQualifier: p.EntityID(), SPNameQualifier: s.SAML.EntityID}
	if n.Format == catalogue.Transient {
		of := s.ID + " " + n.Session
		if n.Behalf {
			of += " " + n.Person
		}
		id.Format, id.Value = wire.FormatTransient, "_"+p.Broker.Ring.Digest("saml/transient", of)
		return id
	}
	id.Format, id.Value = wire.FormatPersistent, federation.Subject(p.Broker.Ring, s, n.Person)
	return id
}

// isKnownBy tells whether a service may know somebody by that name, in either format.
func (p *Provider) isKnownBy(s *catalogue.Service, n named, name string) bool {
	for _, n.Format = range []string{catalogue.Persistent, catalogue.Transient} {
		if p.nameID(s, n).Value == name {
			return true
		}
	}
	return false
}

// nameKept is the name that was put down for a session in which a service was
// reached.
func (p *Provider) nameKept(s *catalogue.Service, l store.Logout) wire.NameID {
	id := p.nameID(s, named{Format: catalogue.Persistent, Person: l.Person, Session: l.Session})
	if strings.HasPrefix(l.Subject, "_") && len(l.Subject) > len(id.Value) { // a mark more than a digest
		id.Format = wire.FormatTransient
	}
	id.Value = l.Subject
	return id
}

// speaksOf refuses a name that says of itself to be another than those by which we
// tell the service of people: names must match strongly (SAML Profiles, 4.4.4.1;
// SAML Core, 3.3.4). What is left out stands for what we say (SAML Core, 8.3.7).
func (p *Provider) speaksOf(s *catalogue.Service, n wire.NameID) error {
	ours := p.nameKept(s, store.Logout{Subject: n.Value})
	for _, pair := range [][2]string{{n.NameQualifier, ours.NameQualifier}, {n.SPNameQualifier, ours.SPNameQualifier}, {n.SPProvidedID, ""}} {
		if pair[0] != "" && pair[0] != pair[1] {
			return errOtherName
		}
	}
	if n.Format != "" && n.Format != wire.FormatUnspecified && n.Format != ours.Format {
		return errOtherName
	}
	return nil
}

var errOtherName = wire.Refuse(wire.Requester, wire.UnknownPrincipal, "SAML Core, 3.3.4", "Format or qualifiers of the NameID are not those by which it was told")

// noteName keeps how a service was told who somebody is, where that is not the
// usual way or was not; what it is told last counts.
func (p *Provider) noteName(ctx context.Context, a broker.Answer, n named) error {
	known, err := p.knownAs(ctx, a.Service, named{Person: a.Session.Person(), Session: n.Session})
	if err != nil || known == n {
		return err
	}
	text := n.Format
	if n.Behalf {
		text += " " + n.Person
	}
	return p.Broker.Volatile.Put(ctx, nameKey(a.Service, n.Session), []byte(text), p.endOf(a.Session.Began()).Sub(p.Broker.Now()))
}

func nameKey(s *catalogue.Service, session string) string {
	return "saml/format/" + session + "/" + s.ID
}

// knownAs is how a service knows whom it was told of last in a session; own is who
// the session's person is.
func (p *Provider) knownAs(ctx context.Context, s *catalogue.Service, own named) (named, error) {
	text, found, err := p.Broker.Volatile.Get(ctx, nameKey(s, own.Session))
	own.Format = s.SAML.Format()
	if !found || err != nil {
		return own, err
	}
	format, person, behalf := strings.Cut(string(text), " ")
	if own.Format = format; behalf {
		own.Person, own.Behalf = person, true
	}
	return own, nil
}
