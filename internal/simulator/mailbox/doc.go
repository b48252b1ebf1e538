// Package mailbox is everybody's mailbox and telephone of the demo and of tests: a real mail server (SMTP with
// STARTTLS) and a carrier of text messages (the HTTP interface of docs/operations.md), which keep what they are given in
// memory and show it on a page. They deliver to nobody, forget the oldest when they are full, and refuse mails and texts
// that are too long or none at all.
//
// # The inbox as JSON
//
// Asked with "Accept: application/json", the inbox page answers an array, newest first:
//
//	[{
//	  "id":          "2",                            // in the order of arrival
//	  "medium":      "mail",                         // or "sms"
//	  "to":          "anna@example.hu",              // one entry for each recipient; a phone number for "sms"
//	  "from":        "ertesites@kapu.example",       // without the name; what the phone shows for "sms"
//	  "subject":     "Aktiváló kód az ügyfélkapujához", // "" for "sms"
//	  "text":        "Tisztelt Ügyfelünk!\n…",       // plain text, lines end with \n
//	  "html":        "<!DOCTYPE html>…",             // "" if there is none
//	  "links":       ["https://…"],                  // in the text, in order, each once; never null
//	  "code":        "12345678",                     // the one-time code without blanks; "" if there is none
//	  "received_at": "2026-03-02T09:00:00Z",         // RFC 3339, UTC
//	  "message_id":  "0198…@kapu.example",           // the same for a copy of the same mail; of a text only one is kept
//	  "encrypted":   true,                           // came over TLS
//	  "dkim":        "kapu.example",                 // domain whose signature is good; "" if there is none
//	  "encoding":    "",                             // of "sms": gsm-7 or ucs-2
//	  "segments":    0                               // of "sms": in how many parts it came
//	}]
//
// ?to= keeps what went to an address, upper and lower case alike: a whole address ("anna@example.hu", "+36301234567")
// must be equal, a part of one ("anna", "@example.hu") must occur. It filters the page in the same way.
package mailbox
