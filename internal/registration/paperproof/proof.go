package paperproof

import (
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kapu/internal/keys"
)

// Kind says which paper it is.
type Kind string

// The kinds of papers.
const (
	Sheet       Kind = "sheet"       // registration sheet, of a case
	Declaration Kind = "declaration" // data declaration, of a case
	First       Kind = "first"       // username and first password, of a case
	Minutes     Kind = "minutes"     // of an act at a desk, of an account
	Handover    Kind = "handover"    // minutes of handing a card's code over, of the ledger's entry
	Envelope    Kind = "envelope"    // registration code of an electronic identity card, of the code
)

// Kinds are all kinds.
func Kinds() []Kind { return []Kind{Sheet, Declaration, First, Minutes, Handover, Envelope} }

// Paper is what a token says.
type Paper struct {
	Kind   Kind
	ID     string // of the case, account, entry or code
	Office string // id of the office that made it
	Made   time.Time
	Digest string // of what it says: DigestSymbols symbols
}

// Proof is printed on a paper.
type Proof struct {
	URL    string // in the QR code
	Digest string // in groups, below it
}

// ErrForged is returned for a token that we did not make, or that was damaged.
var ErrForged = errors.New("paperproof: not a token of ours")

const (
	// DigestSymbols carry 80 bits.
	DigestSymbols = 16
	digestBytes   = 10
	groupSize     = 4

	macSymbols   = 22  // of base64url: 132 bits
	longestToken = 512 // bytes
	pagePath     = "/paper"

	factsPurpose = "paper/facts"
	tokenPurpose = "paper/token"
)

// symbols are base32 without 0, 1, I and O.
var symbols = base32.NewEncoding("23456789ABCDEFGHJKLMNPQRSTUVWXYZ").WithPadding(base32.NoPadding)

// Prover makes proofs and reads their tokens.
type Prover struct {
	Ring   *keys.Ring
	Issuer string // the gateway's address, without a slash at the end
}

// Prove makes the proof of a paper from what it says, line by line. The digest
// of p is filled in. Without the key a digest tells nothing of what was said.
func (v Prover) Prove(p Paper, said []string) Proof {
	p.Digest = v.digest(said)
	return Proof{URL: v.Issuer + pagePath + "?p=" + url.QueryEscape(v.token(p)), Digest: groups(p.Digest)}
}

func (v Prover) digest(said []string) string {
	sum, _ := base64.RawURLEncoding.DecodeString(v.Ring.Digest(factsPurpose, strings.Join(said, "\x00"))) // the ring's own encoding
	return symbols.EncodeToString(sum[:digestBytes])
}

// groups is a digest as people compare it: "ABCD EFGH JKLM NPQR".
func groups(digest string) string {
	var parts []string
	for part := range slices.Chunk([]byte(digest), groupSize) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, " ")
}

// token is the paper, then a dot, then the MAC over it.
func (v Prover) token(p Paper) string {
	said := strings.Join([]string{string(p.Kind), p.ID, p.Office, strconv.FormatInt(p.Made.Unix(), 10), p.Digest}, "\n")
	plain := base64.RawURLEncoding.EncodeToString([]byte(said))
	return plain + "." + v.mac(plain)
}

func (v Prover) mac(plain string) string { return v.Ring.Digest(tokenPurpose, plain)[:macSymbols] }

// fields of a token.
const fields = 5

// Read opens a token. The only error is ErrForged.
func (v Prover) Read(token string) (Paper, error) {
	plain, mac, found := strings.Cut(token, ".")
	if !found || len(token) > longestToken || subtle.ConstantTimeCompare([]byte(mac), []byte(v.mac(plain))) != 1 {
		return Paper{}, ErrForged
	}
	said, err := base64.RawURLEncoding.DecodeString(plain)
	parts := strings.Split(string(said), "\n")
	if err != nil || len(parts) != fields {
		return Paper{}, ErrForged
	}
	made, err := strconv.ParseInt(parts[3], 10, 64)
	if err != nil || !slices.Contains(Kinds(), Kind(parts[0])) {
		return Paper{}, ErrForged
	}
	return Paper{Kind: Kind(parts[0]), ID: parts[1], Office: parts[2], Made: time.Unix(made, 0).UTC(), Digest: parts[4]}, nil
}
