package portal

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/web"
)

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS("."), "portal.checker.why.", "portal.checker.name.", "portal.checker.saved", "portal.checker.saved.", "portal.account.plus.", "portal.account.passkey.", "portal.account.mailcode.", "portal.account.password."); err != nil {
		t.Error(err)
	}
}

// has tells whether a key has words of its own in both languages.
func (w *world) has(key string) bool {
	return !slices.ContainsFunc(web.Langs, func(l web.Lang) bool { return w.room.Shell.Text(l, key) == key })
}

func TestEveryKindOfEntryHasItsSentence(t *testing.T) {
	w := sqliteWorld(t)
	for _, kind := range ledger.Kinds() {
		told, known := tales[kind]
		if !known || !slices.Contains(sorts, told.sort) {
			t.Errorf("%s: the portal does not tell it: add it to tales, with its sentences in both languages", kind)
		}
		if !w.has("portal.event." + kind) {
			t.Errorf("%s: no sentence portal.event.%s", kind, kind)
		}
		for _, v := range told.variants {
			if !w.has("portal.event." + kind + "." + v) {
				t.Errorf("%s: no sentence for the variant %s", kind, v)
			}
		}
	}
	for kind := range tales {
		if !slices.Contains(ledger.Kinds(), kind) {
			t.Errorf("%s: the ledger knows no such kind", kind)
		}
	}
}

func TestEveryMethodAndDatumHasAName(t *testing.T) {
	w := sqliteWorld(t)
	for _, m := range law.Methods() {
		if !w.has(methodKey(m)) {
			t.Errorf("method %s has no name", m)
		}
	}
	for _, c := range catalogue.Claims() {
		if !w.has(dataKey(string(c))) {
			t.Errorf("claim %s has no name", c)
		}
	}
}

// events has one of every kind, as full as it can be.
var events = []ledger.Event{
	ledger.Identified{Method: law.TOTP, Level: law.Substantial, Account: "a", Device: "Firefox", Address: "192.0.2.1"},
	ledger.Identified{Method: law.Phone, Level: law.Low, Device: "Firefox"}, ledger.Identified{Method: law.Phone, Level: law.Low, Device: "telephone"},
	ledger.Released{Service: "tax", Data: []string{"name", "tax_number", "shoe_size"}, Method: law.TOTP, Level: law.Substantial},
	ledger.Released{Service: "tax", Data: []string{"name", "email"}, Consented: []string{"email"}, Ground: "2017. évi CL. törvény", Method: law.TOTP, Level: law.Substantial},
	ledger.ConsentDecided{Service: "tax", Allowed: []string{"email"}, Refused: []string{"address"}}, ledger.ConsentDecided{Service: "tax", Refused: []string{"address"}}, ledger.ConsentWithdrawn{Service: "tax"},
	ledger.IdentifierStated{Service: "tax", Name: "tax_number"}, ledger.Matched{Service: "tax", Asked: []string{"taj"}, Differing: []string{"taj"}},
	ledger.ForbiddenUsed{Method: law.TOTP, Account: "a", Address: "192.0.2.1"}, ledger.DispositionChanged{Act: "limit", Method: law.TOTP, Kinds: []string{"tax", "shoes"}, By: "online"}, ledger.DispositionChanged{Act: "least", Level: law.Substantial, By: "office", Office: "kisfalud"},
	ledger.DispositionChanged{Act: "least", By: "online"}, ledger.DispositionChanged{Act: "lock", By: "online"},
	ledger.AccessRevoked{Service: "tax", What: "code"}, ledger.SignedOut{Reason: "citizen"}, ledger.SignedOut{Reason: "elsewhere", Device: "Firefox, Windows"}, ledger.DeviceForgotten{Device: "Firefox, Windows"}, ledger.Throttled{Method: law.Password, Scope: "account"},
	ledger.CodeSent{Purpose: "signin", Medium: "sms"}, ledger.NoticeSent{Template: "password-changed", Medium: "mail"},
	ledger.RegistrationOpened{Case: "c", Channel: "office", Office: "kisfalud", Clerk: "k"}, ledger.RegisterChecked{Case: "c", Verdict: "differs", Differs: []string{"address"}},
	ledger.RegistrationFinished{Case: "c", Channel: "office", Office: "closed-long-ago"}, ledger.RegistrationLapsed{Case: "c"}, ledger.RegistrationWithdrawn{Case: "c"},
	ledger.AccountActivated{}, ledger.PasswordSet{Occasion: "change"}, ledger.FactorRequested{Method: law.TOTP}, ledger.FactorAdded{Method: "carrier-pigeon"},
	ledger.FactorRemoved{Method: law.TOTP, By: "office"}, ledger.FactorRevoked{Method: law.TOTP}, ledger.PasskeySuspected{Account: "a", Address: "192.0.2.1"},
	ledger.LookedUp{Office: "kisfalud", Reason: "letter", Words: "<b>lakcím</b> **változás**"}, ledger.LookedUp{Reason: "other", Words: "kapu law explain"}, ledger.Searched{Office: "kisfalud", By: []string{"username"}}, ledger.ClerkAppointed{Office: "kisfalud"}, ledger.ClerkDismissed{Office: "kisfalud"},
	ledger.AccountExtended{By: "office", Office: "kisfalud", Until: "2031-03-04"}, ledger.AccountReminded{Days: 1}, ledger.AccountReminded{Days: 30},
	ledger.AccountEnded{Reason: "expired"}, ledger.DeletionRequested{By: "citizen", Due: time.Date(2030, 5, 2, 7, 42, 0, 0, time.UTC)}, ledger.DeletionStopped{By: "link"},
	ledger.AccountFinalised{Case: "c", Office: "kisfalud"}, ledger.PersonUpdated{Office: "kisfalud", Trace: "t", Fields: []string{"current-name", "address", "document"}}, ledger.PersonUpdated{Trace: "t"},
	ledger.FeeRecorded{Forints: 3000, Office: "kisfalud", Receipt: "NY <b>1"}, ledger.EmailChangeRequested{By: "office", Office: "kisfalud"}, ledger.EmailChanged{By: "citizen"}, ledger.EmailChangeStopped{By: "law"},
	ledger.PasswordResetRequested{By: "citizen"}, ledger.UsernameSent{}, ledger.FactorRemovalRequested{Method: law.TOTP, By: "office", Office: "kisfalud", Due: time.Date(2030, 5, 1, 22, 0, 0, 0, time.UTC)}, ledger.FactorRemovalStopped{Method: law.TOTP, By: "link"},
	ledger.AccountClosed{By: "link"},
	ledger.MandateOffered{Services: []string{"tax"}, By: "office", Office: "kisfalud", Until: time.Date(2030, 5, 1, 22, 0, 0, 0, time.UTC)}, ledger.MandateAnswered{Role: "principal", Answer: "accepted", By: "representative", With: "<b>Nagy</b> **Béla**"},
	ledger.MandateGiven{Role: "representative", Services: []string{"tax"}, With: "Kiss Anna", Until: time.Date(2030, 5, 1, 22, 0, 0, 0, time.UTC)}, ledger.MandateEnded{Role: "principal", By: "time", With: "Nagy Béla"},
	ledger.MandateUsed{Role: "principal", Service: "tax", Data: []string{"name"}, Ground: "2017. évi CL. törvény", With: "Nagy Béla"}, ledger.MandateUsed{Role: "representative", Service: "tax", With: "Kiss Anna"},
	ledger.DeskActed{Act: "remove-totp", Office: "kisfalud", Reason: "presence", Words: "<b>x</b>"}, ledger.DeskActed{Act: "dance", Office: "kisfalud"}, ledger.ReviewDrawn{Entry: 7, Size: 9, Office: "kisfalud"}, ledger.Reviewed{Entry: 7, Verdict: "doubtful"},
	ledger.CardCodeIssued{Office: "kisfalud"}, ledger.CardCodeBlocked{}, ledger.CardCodeUsed{},
	ledger.PhoneIssued{Office: "kisfalud", Medium: "sms"}, ledger.PhoneIssued{Again: "yes", Office: "kisfalud", Medium: "mail"}, ledger.PhonePasswordChanged{By: "web", First: "yes"}, ledger.PhonePasswordChanged{By: "telephone"},
	ledger.PhoneQuestionsSet{By: "web"}, ledger.PhoneLocked{Until: "questions"}, ledger.PhoneLocked{Until: "password"}, ledger.PhoneUnlocked{By: "questions"}, ledger.PhoneUnlocked{By: "citizen"}, ledger.PhonePaused{Answers: 3},
	ledger.PhoneLapsed{}, ledger.PhoneEnded{By: "citizen"}, ledger.PhoneEnded{By: "office", Office: "kisfalud"}, ledger.CallerShown{Office: "kisfalud"}, ledger.CodeSent{Purpose: "spoken", Medium: "call"},
	ledger.NoticesSet{Wish: "every", Media: "mail sms", Statement: "monthly"}, ledger.PhoneProven{}, ledger.PhoneRemoved{}, ledger.Disowned{Report: "r", What: "signin", Method: law.TOTP}, ledger.Disowned{Report: "r", What: "change"},
	ledger.ReportTaken{Report: "r", Office: "kisfalud"}, ledger.ReportClosed{Report: "r", Result: "misuse", Office: "kisfalud", Words: "<b>x</b>"},
	ledger.ServiceRegistered{Service: "tax"}, ledger.ServiceChanged{Service: "tax"}, ledger.ServiceRemoved{Service: "tax"}, ledger.ServiceSecretRotated{Service: "tax"}, ledger.ServiceTokenMade{Token: "t", Uses: 1},
	ledger.HistoryExported{Format: "pdf", Entries: 12}, ledger.HistoryExported{Format: "json", Entries: 1},
	ledger.Started{Version: "1"}, ledger.KeyRotated{Use: "oidc"}, ledger.KeySwitched{Use: "oidc"}, ledger.LawOverridden{Rule: "x"}, ledger.AttackSuspected{Secret: "password", Seen: 500, Usual: 3}, ledger.Throttled{Scope: "identifier"},
}

func TestEveryEntryIsToldInBothLanguages(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	told := map[string]bool{}
	for _, e := range events {
		anna.append(e)
		told[e.Kind()] = true
	}
	for _, kind := range ledger.Kinds() {
		if !told[kind] {
			t.Errorf("%s is missing from events", kind)
		}
	}
	for _, lang := range []string{"hu", "en"} {
		page := anna.wholeHistory(lang)
		if strings.Count(page.body, "portal-entry__words") < len(events) {
			t.Fatalf("%s: not every entry is told", lang)
		}
		page.lacks(t, "no value", ">portal.", "portal.event", "portal.data", "<b>", "{{", "%!")
		page.has(t, "closed-long-ago", "2031", "3000", "2030", "NY &lt;b&gt;1", "&lt;b&gt;lakcím&lt;/b&gt; **változás**", map[string]string{"hu": "egyéb adat", "en": "other data"}[lang])
	}
}

// wholeHistory is all pages of the history, one after the other.
func (c *citizen) wholeHistory(lang string) (all answer) {
	c.w.t.Helper()
	for path := "/account/history?lang=" + lang; path != ""; {
		page := c.get(path)
		if page.status != http.StatusOK {
			c.w.t.Fatalf("%s: %d", path, page.status)
		}
		all.body += page.body
		path = ""
		if m := nextLink.FindStringSubmatch(page.body); m != nil {
			path = strings.ReplaceAll(m[1], "&amp;", "&") + "&lang=" + lang
		}
	}
	return all
}

func TestSamplesShowInBothLanguages(t *testing.T) {
	w := sqliteWorld(t)
	for _, s := range w.room.Shell.Samples() {
		for _, lang := range web.Langs {
			if got := w.get(w.browser(), s.Path()+"?lang="+string(lang)); got.status != http.StatusOK {
				t.Errorf("%s in %s: %d", s.Path(), lang, got.status)
			}
		}
	}
}
