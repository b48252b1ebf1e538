package ledger

// Doubt is why a receipt proves nothing, or not what was demanded. Its values are
// stable, so that pages and commands have words for each; all of them are
// [ErrReceipt] to errors.Is but those that leave the receipt genuine.
type Doubt string

// The doubts, in the order in which they are looked for.
const (
	NotReceipt   Doubt = "format"      // not a receipt, or one written by something else
	WrongHead    Doubt = "head"        // what it calls a signed head is none
	WrongSigner  Doubt = "signature"   // the head is not signed by a key of the ledger
	WrongWitness Doubt = "witness"     // a signature that pretends to be a known witness's
	WrongPlace   Doubt = "place"       // the entry does not stand in the tree of that head
	WrongEntry   Doubt = "entry"       // what stands there is no entry
	WrongValue   Doubt = "value"       // a value that the entry does not commit to
	Unvouched    Doubt = "unvouched"   // everything fits, but no key of the ledger was given to hold it against
	Unwitnessed  Doubt = "unwitnessed" // genuine, but too few witnesses have signed
)

var doubtWords = map[Doubt]string{
	NotReceipt:   "this is not a receipt, or somebody has rewritten it",
	WrongHead:    "its signed head cannot be read",
	WrongSigner:  "its head is not signed by the ledger",
	WrongWitness: "a signature in it pretends to be a witness's",
	WrongPlace:   "the entry does not stand in the ledger that was signed",
	WrongEntry:   "what it proves is no entry",
	WrongValue:   "it shows a value that the entry does not hold",
	Unvouched:    "it agrees with itself, but no key of the ledger was given to hold it against",
	Unwitnessed:  "it is genuine, but too few witnesses have signed its head",
}

// Error says it in English.
func (d Doubt) Error() string { return "ledger: " + d.Words() }

// Words are the doubt in English, without the name of this package.
func (d Doubt) Words() string { return doubtWords[d] }

// Is tells that a receipt with this doubt is not genuine.
func (d Doubt) Is(target error) bool {
	return target == ErrReceipt && d != Unvouched && d != Unwitnessed
}
