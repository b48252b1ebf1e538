package mailbox

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Media of a message.
const (
	Mail = "mail"
	SMS  = "sms"
)

// Message is what somebody received. The package comment describes its JSON.
type Message struct {
	ID        string    `json:"id"`
	Medium    string    `json:"medium"`
	To        string    `json:"to"`
	From      string    `json:"from"`
	Subject   string    `json:"subject"`
	Text      string    `json:"text"`
	HTML      string    `json:"html"`
	Links     []string  `json:"links"`
	Code      string    `json:"code"`
	Received  time.Time `json:"received_at"`
	MessageID string    `json:"message_id"`
	Encrypted bool      `json:"encrypted"`
	DKIM      string    `json:"dkim"`
	Encoding  string    `json:"encoding"`
	Segments  int       `json:"segments"`
}

var (
	linkPattern = regexp.MustCompile(`https?://[^\s<>"]+`)
	// A code stands alone on its line in a mail, in groups; in a text message among words.
	codeLine = regexp.MustCompile(`(?m)^[ \t]*(\d(?: ?\d){5,15})[ \t]*$`)
	codeWord = regexp.MustCompile(`\b(?:\d{6,10}|\d{3} \d{3}|\d{4} \d{4})\b`)
)

// linkEnds are marks that end a sentence, not an address.
const linkEnds = ".,;:!?)'"

func linksIn(text string) []string {
	links := []string{}
	for _, l := range linkPattern.FindAllString(text, -1) {
		if l = strings.TrimRight(l, linkEnds); !slices.Contains(links, l) {
			links = append(links, l)
		}
	}
	return links
}

func codeInMail(text string) string {
	if found := codeLine.FindStringSubmatch(text); found != nil {
		return strings.ReplaceAll(found[1], " ", "")
	}
	return ""
}

func codeInSMS(text string) string {
	return strings.ReplaceAll(codeWord.FindString(linkPattern.ReplaceAllString(text, "")), " ", "")
}

// wentTo tells whether the message went to the address or to one that holds the part; "" is everybody.
func (m Message) wentTo(address string) bool {
	to, address := strings.ToLower(m.To), strings.ToLower(strings.TrimSpace(address))
	if local, domain, _ := strings.Cut(address, "@"); local != "" && domain != "" || strings.HasPrefix(address, "+") {
		return to == address
	}
	return strings.Contains(to, address)
}
