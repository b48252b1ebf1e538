package offer_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/telephone/g711"
	"kapu/internal/telephone/offer"
)

const head = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"

// key is 30 bytes in base64.
const key = "AAECAwQFBgcICQoLDA0ODwECAwQFBgcICQoLDA0O"

var ours = offer.Ours{Address: netip.MustParseAddrPort("198.51.100.1:16384"), Session: 5, Version: 6}

func TestWhatIsTaken(t *testing.T) {
	for name, c := range map[string]struct {
		media string
		want  offer.Offer // as far as exported, without the secret
		line  string      // of the answer
	}{
		"A-law":                  {"m=audio 4000 RTP/AVP 8\r\n", offer.Offer{Law: g711.ALaw, Sound: 8, Events: -1, Hears: true}, "m=audio 16384 RTP/AVP 8\r\n"},
		"µ-law first":            {"m=audio 4000 RTP/AVP 0 8\r\n", offer.Offer{Law: g711.MuLaw, Sound: 0, Events: -1, Hears: true}, "m=audio 16384 RTP/AVP 0\r\n"},
		"keys as 101":            {"m=audio 4000 RTP/AVP 18 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n", offer.Offer{Law: g711.ALaw, Sound: 8, Events: 101, Hears: true}, "m=audio 16384 RTP/AVP 8 101\r\n"},
		"keys as 96":             {"m=audio 4000 RTP/AVP 96 8\r\na=rtpmap:96 Telephone-Event/8000/1\r\n", offer.Offer{Law: g711.ALaw, Sound: 8, Events: 96, Hears: true}, "m=audio 16384 RTP/AVP 8 96\r\n"},
		"keys of another clock":  {"m=audio 4000 RTP/AVP 8 97\r\na=rtpmap:97 telephone-event/48000\r\n", offer.Offer{Law: g711.ALaw, Sound: 8, Events: -1, Hears: true}, "m=audio 16384 RTP/AVP 8\r\n"},
		"A-law under a number":   {"m=audio 4000 RTP/AVP 110\r\na=rtpmap:110 PCMA/8000\r\n", offer.Offer{Law: g711.ALaw, Sound: 110, Events: -1, Hears: true}, "a=rtpmap:110 PCMA/8000\r\n"},
		"video beside it":        {"m=video 5000 RTP/AVP 99 98\r\nm=audio 4000 RTP/AVP 8\r\n", offer.Offer{Law: g711.ALaw, Sound: 8, Events: -1, Hears: true}, "m=video 0 RTP/AVP 99\r\nm=audio 16384"},
		"held":                   {"m=audio 4000 RTP/AVP 8\r\na=sendonly\r\n", offer.Offer{Law: g711.ALaw, Sound: 8, Events: -1}, "a=recvonly\r\n"},
		"listening":              {"m=audio 4000 RTP/AVP 8\r\na=recvonly\r\n", offer.Offer{Law: g711.ALaw, Sound: 8, Events: -1, Hears: true}, "a=sendonly\r\n"},
		"its own address":        {"m=audio 4000 RTP/AVP 8\r\nc=IN IP4 192.0.2.9\r\n", offer.Offer{Law: g711.ALaw, Sound: 8, Events: -1, Hears: true}, "m=audio 16384"},
		"control on one port":    {"m=audio 4000 RTP/AVP 8\r\na=rtcp-mux\r\n", offer.Offer{Law: g711.ALaw, Sound: 8, Events: -1, Hears: true}, "a=rtcp-mux\r\n"},
		"the second of two":      {"m=audio 0 RTP/AVP 8\r\nm=audio 4000 RTP/AVP 8\r\n", offer.Offer{Law: g711.ALaw, Sound: 8, Events: -1, Hears: true}, "m=audio 0 RTP/AVP 8\r\nm=audio 16384"},
		"WebRTC with a fallback": {"m=audio 4000 UDP/TLS/RTP/SAVPF 8\r\nm=audio 4000 RTP/AVP 8\r\n", offer.Offer{Law: g711.ALaw, Sound: 8, Events: -1, Hears: true}, "m=audio 0 UDP/TLS/RTP/SAVPF 8\r\n"},
	} {
		o, err := offer.Read([]byte(head + c.media))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c.want.Remote = netip.MustParseAddrPort("192.0.2.9:4000")
		got := offer.Offer{Remote: o.Remote, Law: o.Law, Sound: o.Sound, Events: o.Events, Hears: o.Hears}
		if d := cmp.Diff(c.want, got, cmp.Comparer(func(a, b offer.Offer) bool {
			return a.Remote == b.Remote && a.Law == b.Law && a.Sound == b.Sound && a.Events == b.Events && a.Hears == b.Hears
		})); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		answer, err := o.Answer(ours)
		if err != nil || !strings.Contains(string(answer), c.line) || !strings.Contains(string(answer), "o=- 5 6 IN IP4 198.51.100.1\r\n") {
			t.Errorf("%s: %v, no %q in %s", name, err, c.line, answer)
		}
	}
}

func TestHeldTheOldWay(t *testing.T) {
	o, err := offer.Read([]byte(strings.Replace(head, "c=IN IP4 192.0.2.9", "c=IN IP4 0.0.0.0", 1) + "m=audio 4000 RTP/AVP 8\r\n"))
	if err != nil || o.Remote.IsValid() || o.Hears {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	for name, body := range map[string]string{
		"no sound":              head,
		"G.729 only":            head + "m=audio 4000 RTP/AVP 18\r\n",
		"video":                 head + "m=video 4000 RTP/AVP 8\r\n",
		"port 0":                head + "m=audio 0 RTP/AVP 8\r\n",
		"WebRTC":                head + "m=audio 4000 UDP/TLS/RTP/SAVPF 8\r\n",
		"SRTP without a key":    head + "m=audio 4000 RTP/SAVP 8\r\n",
		"SRTP with short tags":  head + "m=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:" + key + "\r\n",
		"SRTP with a short key": head + "m=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAEC\r\n",
		"SRTP not encrypted":    head + "m=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + key + " UNENCRYPTED_SRTP\r\n",
		"a name":                strings.Replace(head, "c=IN IP4 192.0.2.9", "c=IN IP4 victim.example", 1) + "m=audio 4000 RTP/AVP 8\r\n",
		"everybody":             strings.Replace(head, "c=IN IP4 192.0.2.9", "c=IN IP4 255.255.255.255", 1) + "m=audio 4000 RTP/AVP 8\r\n",
		"many":                  strings.Replace(head, "c=IN IP4 192.0.2.9", "c=IN IP4 224.2.1.1/127", 1) + "m=audio 4000 RTP/AVP 8\r\n",
		"no address":            strings.Replace(head, "c=IN IP4 192.0.2.9\r\n", "", 1) + "m=audio 4000 RTP/AVP 8\r\n",
		"the other family":      strings.Replace(head, "c=IN IP4 192.0.2.9", "c=IN IP6 192.0.2.9", 1) + "m=audio 4000 RTP/AVP 8\r\n",
	} {
		if _, err := offer.Read([]byte(body)); !errors.Is(err, offer.ErrUnacceptable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, body := range map[string]string{"no description": "hello", "very many streams": head + strings.Repeat("m=audio 4000 RTP/AVP 8\r\n", 9)} {
		if _, err := offer.Read([]byte(body)); !errors.Is(err, offer.ErrUnreadable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSecretsAreExchanged(t *testing.T) {
	body := head + "m=audio 4000 RTP/SAVP 8\r\na=crypto:3 AES_CM_256_HMAC_SHA1_80 inline:x\r\na=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:" + key + "|2^31\r\n"
	o, err := offer.Read([]byte(body))
	if err != nil || o.Secret == nil || len(o.Secret.Key) != offer.KeyBytes || len(o.Secret.Salt) != offer.SaltBytes {
		t.Fatalf("%+v, %v", o, err)
	}
	mine := ours
	mine.Secret = offer.NewSecret(o.Secret)
	answer, err := o.Answer(mine)
	if err != nil || !strings.Contains(string(answer), "m=audio 16384 RTP/SAVP 8\r\n") || !strings.Contains(string(answer), "a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:") || strings.Contains(string(answer), key) {
		t.Errorf("%v: %s", err, answer)
	}
	back, err := offer.Read(answer)
	if err != nil || string(back.Secret.Key) != string(mine.Secret.Key) || string(back.Secret.Salt) != string(mine.Secret.Salt) {
		t.Errorf("our key did not arrive: %+v, %v", back, err)
	}
}

func TestAnOfferOfOurs(t *testing.T) {
	for _, secret := range []*offer.Secret{nil, offer.NewSecret(offer.Proposed)} {
		mine := ours
		mine.Secret = secret
		body, err := offer.Propose(mine)
		if err != nil {
			t.Fatal(err)
		}
		o, err := offer.Read(body)
		if err != nil || o.Law != g711.ALaw || o.Events != 101 || o.Remote != ours.Address || (o.Secret == nil) != (secret == nil) {
			t.Errorf("%+v, %v in %s", o, err, body)
		}
		if !strings.Contains(string(body), " 8 0 101\r\n") {
			t.Errorf("µ-law is not proposed: %s", body)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(head + "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"))
	f.Add([]byte(head + "m=audio 4000/2 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + key + "\r\n"))
	f.Add([]byte(head + "m=video 5000 RTP/AVP 99 98\r\nm=audio 4000 RTP/AVP 8\r\na=inactive\r\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		o, err := offer.Read(body)
		if err != nil {
			return
		}
		mine := ours
		mine.Secret = offer.NewSecret(o.Secret)
		answer, err := o.Answer(mine)
		if err != nil {
			t.Fatal(err)
		}
		back, err := offer.Read(answer)
		if err != nil || back.Law != o.Law || back.Sound != o.Sound || back.Events != o.Events {
			t.Errorf("the answer says something else: %v\n%s", err, answer)
		}
	})
}
