package notify

import "time"

// Messages about the phone that a person is told things on.

// PhoneProof brings the code that proves that a phone is the person's. Text message only.
type PhoneProof struct {
	Code  string // digits
	Until time.Time
}

func (PhoneProof) kind() string { return "phone-proof" }

func (m PhoneProof) facts() facts { return facts{Code: m.Code, Until: m.Until} }
