package mailbox

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-msgauth/dkim"
)

const (
	partsAtMost      = 10
	signaturesAtMost = 5
)

var errNoSender = errors.New("mailbox: a mail has exactly one sender")

// read takes a mail apart (RFC 5322). lookUp is the DNS for DKIM.
func read(raw []byte, lookUp func(string) ([]string, error)) (Message, error) {
	r, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return Message{}, err
	}
	m := Message{Medium: Mail}
	from, err := r.Header.AddressList("From")
	if err != nil || len(from) != 1 {
		return Message{}, errNoSender
	}
	m.From = from[0].Address
	if m.Subject, err = r.Header.Subject(); err != nil {
		return Message{}, err
	}
	if m.MessageID, err = r.Header.MessageID(); err != nil {
		return Message{}, err
	}
	if err := m.readParts(r); err != nil {
		return Message{}, err
	}
	m.Links, m.Code = linksIn(m.Text), codeInMail(m.Text)
	m.DKIM = signer(raw, lookUp)
	return m, nil
}

// readParts keeps the first plain and the first HTML part; attachments are passed over.
func (m *Message) readParts(r *mail.Reader) error {
	for range partsAtMost {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		header, ok := part.Header.(*mail.InlineHeader)
		if !ok {
			continue
		}
		kind, _, err := header.ContentType()
		if err != nil {
			return err
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			return err
		}
		text := strings.ToValidUTF8(strings.ReplaceAll(string(body), "\r\n", "\n"), "\uFFFD")
		switch {
		case kind == "text/plain" && m.Text == "":
			m.Text = text
		case kind == "text/html" && m.HTML == "":
			m.HTML = text
		}
	}
	return nil
}

// signer is the domain of the first good DKIM signature (RFC 6376, section 6), or "".
func signer(raw []byte, lookUp func(string) ([]string, error)) string {
	found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: lookUp, MaxVerifications: signaturesAtMost})
	if err != nil {
		return ""
	}
	for _, v := range found {
		if v.Err == nil {
			return v.Domain
		}
	}
	return ""
}
