package caller

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"regexp"

	"github.com/pion/srtp/v3"
)

// seal encrypts the sound (RFC 4568).
type seal struct {
	material [30]byte
	out, in  *srtp.Context
}

func newSeal() (*seal, error) {
	s := &seal{}
	_, _ = rand.Read(s.material[:]) // never fails; see crypto/rand
	var err error
	s.out, err = srtp.CreateContext(s.material[:16], s.material[16:], srtp.ProtectionProfileAes128CmHmacSha1_80)
	return s, err
}

func (s *seal) attribute() string {
	return "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + base64.StdEncoding.EncodeToString(s.material[:]) + "\r\n"
}

var cryptoLine = regexp.MustCompile(`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:(\S+)`)

func (s *seal) open(body string) error {
	m := cryptoLine.FindStringSubmatch(body)
	if m == nil {
		return errors.New("caller: the answer has no key")
	}
	theirs, err := base64.StdEncoding.DecodeString(m[1])
	if err != nil || len(theirs) != 30 {
		return errors.Join(err, errors.New("caller: the answer's key is none"))
	}
	s.in, err = srtp.CreateContext(theirs[:16], theirs[16:], srtp.ProtectionProfileAes128CmHmacSha1_80)
	return err
}
