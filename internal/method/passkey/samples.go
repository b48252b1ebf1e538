package passkey

import (
	"time"

	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/web"
)

// samples puts the rooms' pages into the gallery.
func (x *Room) samples() {
	const service = "Adóhivatal – eBevallás"
	strip := &web.Strip{Service: service, Mark: web.MarkOf(service), Level: int(law.Substantial)}
	failed := func(key string, args ...any) *web.Form {
		f := web.NewForm(nil)
		f.Fail("", key, args...)
		return f
	}
	signIn := func(name string, form *web.Form) {
		x.pages.Sample(name, "signin", web.View{Strip: strip, Form: form, Data: signInData{Options: "{}", ChooserURL: "/"}})
	}
	signIn("signin", nil)
	signIn("signin-wrong", failed("passkey.signin.wrong"))
	signIn("signin-late", failed("passkey.signin.late"))
	signIn("signin-copied", failed("passkey.signin.copied"))
	signIn("signin-suspected", failed("passkey.signin.suspected"))
	signIn("signin-wait", failed("passkey.wait", "Wait", 30*time.Second))
	unnamed := web.NewForm(nil)
	unnamed.Fail("name", "passkey.name.missing")
	x.pages.Sample("name", "name", web.View{Data: nameData{"KisAnna", longestName}})
	x.pages.Sample("name-missing", "name", web.View{Form: unnamed, Data: nameData{"KisAnna", longestName}})
	made := makeData{Name: "telefonom", Options: "{}"}
	x.pages.Sample("make", "make", web.View{Data: made})
	x.pages.Sample("make-wrong", "make", web.View{Form: failed("passkey.make.wrong"), Data: made})
	x.manageSamples()
}

func (x *Room) manageSamples() {
	at := time.Date(2026, time.May, 2, 9, 42, 0, 0, time.UTC)
	visitor := &web.Visitor{Name: "Kis Anna"}
	most := x.most()
	keys := []store.Passkey{
		{ID: "1", Name: "telefonom", Synced: true, Created: at.AddDate(0, -2, 0), LastUsed: at},
		{ID: "2", Name: "fiókban a biztonsági kulcs", Created: at.AddDate(0, -1, 0), Suspected: at},
	}
	x.pages.Sample("list", "list", web.View{Visitor: visitor, Data: listData{Keys: keys, Most: most}})
	x.pages.Sample("list-none", "list", web.View{Visitor: visitor, Data: listData{Most: most}})
	x.pages.Sample("list-full", "list", web.View{Visitor: visitor, Data: listData{Keys: keys[:1], Most: most, Full: true}})
	x.pages.Sample("list-locked", "list", web.View{Visitor: visitor, Data: listData{Keys: keys[:1], Most: most, Locked: true}})
	x.pages.Sample("key", "key", web.View{Visitor: visitor, Form: web.NewForm(map[string]string{"name": keys[0].Name}), Data: keyData{Key: keys[0]}})
	x.pages.Sample("remove", "remove", web.View{Visitor: visitor, Data: keyData{keys[0], "KisAnna", true}})
	x.pages.Sample("removed", "removed", web.View{})
}
