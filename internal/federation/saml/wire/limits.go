package wire

// Limits of what comes from outside. They are far above what services send, and
// they hold before anything is built from what came.
const (
	MaxEncoded  = 256 << 10 // octets of a message in base64, and of a query
	MaxForm     = 512 << 10 // octets of a form
	MaxMessage  = 256 << 10 // octets of a message as XML, inflated or not
	MaxMetadata = 1 << 20   // octets of a metadata file
	MaxRelay    = 1 << 10   // octets of RelayState; the standard says 80, and few services know

	maxDepth      = 24   // elements within one another
	maxElements   = 1024 // elements of a message
	maxAttributes = 24   // attributes and namespace declarations of one element
	maxName       = 96   // octets of a name
	maxScope      = 64   // namespace declarations in scope at one place; each name is looked up among them
	maxNamespace  = 256  // octets of a namespace; canonical form repeats it
	maxPairs      = 32   // parameters of a query or form
	maxList       = 64   // values of a list: session indexes, requested attributes, audiences
	maxIdentifier = 1024 // octets of an entity ID (SAML Core, 8.3.6)
	maxValue      = 2048 // octets of any other attribute or text
	maxKeys       = 16   // certificates in metadata

	maxMetadataElements = 8192
)

// allowance is what a document may be.
type allowance struct {
	octets, elements int
	// metadata is written by people: comments between elements are skipped there,
	// and white space in attributes is read as XML 1.0, 3.3.3 says. Messages are
	// written by machines and have neither.
	metadata bool
}

var (
	ofMessage  = allowance{octets: MaxMessage, elements: maxElements}
	ofMetadata = allowance{octets: MaxMetadata, elements: maxMetadataElements, metadata: true}
)
