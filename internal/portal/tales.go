package portal

import (
	"slices"

	"kapu/internal/catalogue"
	"kapu/internal/law"
)

// sorts are the drawers of the history, in the order of the page's filter.
var sorts = []string{"signin", "data", "office", "account"}

// tale says how a kind of entry is told: in which drawer it lies, which marks
// it, and which variants of the sentence portal.event.<kind> there are beside
// the general one.
type tale struct {
	sort     string
	icon     string
	odd      bool // worth a second look by whoever reads it
	variants []string
}

// general are the tales of the first chapter; newer ones have files of their own.
var general = map[string]tale{
	"signin.succeeded":         {sort: "signin", icon: "lock", variants: []string{"phone", "call"}},
	"service.reached":          {sort: "data", icon: "next", variants: []string{"nothing"}},
	"consent.decided":          {sort: "data", icon: "check", variants: []string{"refused"}},
	"consent.withdrawn":        {sort: "data", icon: "ban"},
	"identifier.stated":        {sort: "data", icon: "key"},
	"attributes.matched":       {sort: "data", icon: "eye"},
	"access.revoked":           {sort: "data", icon: "warning", odd: true},
	"signin.forbidden":         {sort: "signin", icon: "ban", odd: true},
	"session.ended":            {sort: "signin", icon: "user", variants: []string{"citizen", "service", "operator", "password-changed", "elsewhere", "too-many"}},
	"device.forgotten":         {sort: "signin", icon: "ban"},
	"signin.throttled":         {sort: "signin", icon: "warning", odd: true, variants: []string{"identifier"}},
	"code.sent":                {sort: "account", icon: "mail", variants: []string{"activation", "signin", "phone-proof", "phone", "spoken"}},
	"notice.sent":              {sort: "account", icon: "bell", variants: noticeVariants},
	"registration.opened":      {sort: "office", icon: "document", variants: []string{"elsewhere"}},
	"registration.checked":     {sort: "office", icon: "building", variants: []string{"agrees", "agrees-at", "differs", "unknown", "down", "own"}},
	"registration.finished":    {sort: "office", icon: "signature", variants: []string{"elsewhere"}},
	"registration.withdrawn":   {sort: "office", icon: "document"},
	"registration.lapsed":      {sort: "account", icon: "clock"},
	"account.activated":        {sort: "account", icon: "check"},
	"password.set":             {sort: "account", icon: "key", variants: []string{"activation", "first", "change", "reset"}},
	"factor.requested":         {sort: "account", icon: "plus"},
	"factor.added":             {sort: "account", icon: "shield"},
	"factor.removed":           {sort: "account", icon: "ban", odd: true, variants: []string{"code", "citizen", "office"}},
	"factor.revoked":           {sort: "account", icon: "ban", odd: true},
	"passkey.suspected":        {sort: "account", icon: "warning", odd: true},
	"account.extended":         {sort: "account", icon: "calendar", variants: []string{"citizen", "office"}},
	"account.reminded":         {sort: "account", icon: "bell", variants: []string{"tomorrow"}},
	"account.ended":            {sort: "account", icon: "trash", variants: []string{"expired", "deleted", "provisional", "closed-out"}},
	"deletion.requested":       {sort: "account", icon: "trash", odd: true, variants: []string{"citizen", "office"}},
	"deletion.stopped":         {sort: "account", icon: "shield", variants: []string{"citizen", "link", "office"}},
	"account.finalised":        {sort: "office", icon: "check"},
	"person.updated":           {sort: "office", icon: "user", variants: []string{"data", "at"}},
	"fee.recorded":             {sort: "office", icon: "coins", variants: []string{"receipt"}},
	"email.requested":          {sort: "account", icon: "mail", odd: true, variants: []string{"citizen", "office"}},
	"email.changed":            {sort: "account", icon: "mail", variants: []string{"citizen", "office"}},
	"email.stopped":            {sort: "account", icon: "shield", variants: []string{"citizen", "link", "office", "law"}},
	"password.reset-requested": {sort: "account", icon: "key", odd: true, variants: []string{"citizen", "office"}},
	"username.sent":            {sort: "account", icon: "mail"},
	"factor.removal-requested": {sort: "account", icon: "ban", odd: true, variants: []string{"citizen", "office"}},
	"account.closed":           {sort: "account", icon: "lock", odd: true},
	"factor.removal-stopped":   {sort: "account", icon: "shield", variants: []string{"citizen", "link", "office"}},
	"disposition.changed":      {sort: "account", icon: "shield", odd: true, variants: []string{"forbid", "allow", "limit", "least", "free", "lock", "unlock", "lifted", "link"}},
	"clerk.acted":              {sort: "office", icon: "edit", odd: true, variants: []string{"extend", "email", "delete", "remove-totp", "reset", "stop", "finalise", "close-out", "disposition", "disposition-method", "disposition-level", "disposition-lock", "mandate", "mandate-end", "phone", "phone-end", "report"}},
	"review.drawn":             {sort: "office", icon: "eye"},
	"review.done":              {sort: "office", icon: "eye", variants: []string{"fine", "doubtful"}},
	"card-code.issued":         {sort: "office", icon: "card"},
	"card-code.blocked":        {sort: "account", icon: "warning", odd: true},
	"card-code.used":           {sort: "account", icon: "card"},
	"clerk.looked-up":          {sort: "office", icon: "eye", odd: true, variants: []string{"presence", "phone", "letter", "error", "review", "report", "other", "operator"}},
	"clerk.searched":           {sort: "office", icon: "search"},
	"clerk.dismissed":          {sort: "office", icon: "desk"},
	"clerk.appointed":          {sort: "office", icon: "desk"},
	"gateway.started":          {sort: "account", icon: "info"},
	"key.rotated":              {sort: "account", icon: "key"},
	"key.switched":             {sort: "account", icon: "key"},
	"attack.suspected":         {sort: "account", icon: "warning", odd: true},
	"law.overridden":           {sort: "account", icon: "document"},
	"service.registered":       {sort: "account", icon: "plus"},
	"service.changed":          {sort: "account", icon: "document"},
	"service.removed":          {sort: "account", icon: "ban"},
	"service.secret-rotated":   {sort: "account", icon: "key"},
	"service.token-made":       {sort: "account", icon: "key"},
}

// noticeVariants are the notices that have a sentence of their own.
var noticeVariants = []string{
	"activation-code", "code-resent", "registration-lapsed", "plus-requested", "plus-revoked", "factor-removed",
	"factor-removed-by-code", "password-changed", "disposition-changed", "mailcode-requested", "mailcode-removed", "provisional-code", "account-reminder", "provisional-ending",
	"account-expired", "account-extended", "account-added", "deletion-confirm", "deletion-announced", "deletion-stopped", "account-deleted",
	"email-confirm-new", "email-confirm-old", "email-changed", "email-change-announced", "email-change-stopped",
	"password-reset", "username-reminder", "removal-announced", "removal-stopped",
	"passkey-added", "passkey-removed", "passkey-suspected",
	"signin-notice", "signin-alert", "forbidden-alert", "service-notice", "notices-changed", "disowned", "report-closed", "statement",
	"mandate-accepted", "mandate-given", "mandate-ended",
	"phone-password-changed", "phone-locked", "phone-unlocked", "phone-paused", "phone-lapsed", "phone-ended", "phone-used", "phone-refused",
}

// key is the key of the sentence of an entry, in the variant that fits or the
// general form.
func (t tale) key(kind, variant string) string {
	if slices.Contains(t.variants, variant) {
		return "portal.event." + kind + "." + variant
	}
	return "portal.event." + kind
}

// unknownKind is told of entries that a later version of the program wrote.
var unknownKind = tale{sort: "account", icon: "question"}

const unknownKey = "portal.event.unknown"

// methodKey is the key of a method's name.
func methodKey(m law.Method) string {
	return catalogue.MethodKey(m)
}

// registered are the claims behind the register's lines, which its own words name.
var registered = map[string]catalogue.Claim{
	"current-name": catalogue.Name, "birth-name": catalogue.BirthName, "mother-birth-name": catalogue.MotherBirthName,
	"birth-place": catalogue.BirthPlace, "birth-date": catalogue.BirthDate,
}

// dataKey is the key of the name of a piece of data.
func dataKey(name string) string {
	if claim, ok := registered[name]; ok {
		return claim.TextKey()
	}
	if slices.Contains(catalogue.Claims(), catalogue.Claim(name)) {
		return catalogue.Claim(name).TextKey()
	}
	return "shell.data.other"
}

func dataKeys(names []string) (keys []string) {
	for _, name := range names {
		keys = append(keys, dataKey(name))
	}
	return keys
}

// mediumKey is the key of a way to send a message.
func mediumKey(medium string) string {
	if medium == "sms" || medium == "call" {
		return "portal.medium." + medium
	}
	return "portal.medium.mail"
}
