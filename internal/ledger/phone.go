package ledger

var telephone = topic{"Telephone", []Event{
	PhoneIssued{}, PhonePasswordChanged{}, PhoneQuestionsSet{}, PhoneLocked{}, PhoneUnlocked{}, PhonePaused{}, PhoneLapsed{}, PhoneEnded{}, CallerShown{},
}}

// PhoneIssued is recorded when an office has issued a telephone identifier, or
// another one-time password for it.
type PhoneIssued struct {
	Again  string `public:"again"`   // "yes": another password for the identifier that the person has
	Office string `public:"office"`  // id of the office
	Medium string `public:"medium"`  // how the one-time password was sent: "mail" or "sms"
	Clerk  string `personal:"clerk"` // id of the clerk's account
}

// Kind names the event.
func (PhoneIssued) Kind() string { return "phone.issued" }

// PhonePasswordChanged is recorded when the person has chosen a telephone password.
type PhonePasswordChanged struct {
	By    string `public:"by"`    // "web" or "telephone"
	First string `public:"first"` // "yes": in the place of the one-time password
}

// Kind names the event.
func (PhonePasswordChanged) Kind() string { return "phone.password-changed" }

// PhoneQuestionsSet is recorded when the person has answered reminder questions.
// Which, and how, is recorded nowhere.
type PhoneQuestionsSet struct {
	By string `public:"by"` // "web"
}

// Kind names the event.
func (PhoneQuestionsSet) Kind() string { return "phone.questions-set" }

// PhoneLocked is recorded when too many wrong answers have locked a telephone identifier.
type PhoneLocked struct {
	Until string `public:"until"` // what opens it: "questions" or, when there were too many in all, "password"
}

// Kind names the event.
func (PhoneLocked) Kind() string { return "phone.locked" }

// PhoneUnlocked is recorded when a telephone identifier can be used again.
type PhoneUnlocked struct {
	By string `public:"by"` // "questions" or "citizen" (signed in by another means)
}

// Kind names the event.
func (PhoneUnlocked) Kind() string { return "phone.unlocked" }

// PhonePaused is recorded when so many answers were given over the line that others
// may know the telephone password: another must be chosen first.
type PhonePaused struct {
	Answers int `public:"answers"` // given over the line since the password was chosen
}

// Kind names the event.
func (PhonePaused) Kind() string { return "phone.paused" }

// PhoneLapsed is recorded when nobody changed the one-time telephone password in time.
type PhoneLapsed struct{}

// Kind names the event.
func (PhoneLapsed) Kind() string { return "phone.lapsed" }

// PhoneEnded is recorded when a telephone identifier has ended.
type PhoneEnded struct {
	By     string `public:"by"`      // "citizen" or "office"
	Office string `public:"office"`  // id of the office, where there is one
	Clerk  string `personal:"clerk"` // id of the clerk's account, where there is one
}

// Kind names the event.
func (PhoneEnded) Kind() string { return "phone.ended" }

// CallerShown is recorded when a caller has let a clerk see who they are.
type CallerShown struct {
	Office string `public:"office"`  // id of the office
	Clerk  string `personal:"clerk"` // id of the clerk's account
}

// Kind names the event.
func (CallerShown) Kind() string { return "caller.shown" }
