package wire

import "fmt"

// Error is a refusal. It is for the developer of the service: the description
// holds nothing personal and no value of the message.
type Error struct {
	Code        string // top-level StatusCode: [Requester], [Responder] or [VersionMismatch]
	Sub         string // second-level StatusCode; "" for none
	Description string // one sentence in printable ASCII
	Section     string // where the standard says so
	Answerable  bool   // the message was sound enough to know whom to tell; else it is for a page
}

// Refuse makes an error that the service may be told; section names the
// standard's section behind it, sub may be "".
func Refuse(code, sub, section, format string, args ...any) *Error {
	return &Error{Code: code, Sub: sub, Section: section, Description: fmt.Sprintf(format, args...), Answerable: true}
}

// broken makes an error of a message that is not to be believed in anything, not
// even in who sent it.
func broken(section, format string, args ...any) *Error {
	return &Error{Code: Requester, Section: section, Description: fmt.Sprintf(format, args...)}
}

// Error is the error in one line.
func (e *Error) Error() string { return "saml: " + e.Full() }

// Full is the description with the section of the standard.
func (e *Error) Full() string {
	if e.Section == "" {
		return e.Description
	}
	return e.Description + " (" + e.Section + ")"
}

// Status is the error as it goes into a response.
func (e *Error) Status() Status { return Status{Code: e.Code, Sub: e.Sub, Message: e.Full()} }

// Status is the outcome of a request (SAML Core, 3.2.2.1).
type Status struct {
	Code    string // top-level StatusCode
	Sub     string // second-level StatusCode, or ""
	Message string // for people who read logs, or ""
}

// OK tells whether the request succeeded.
func (s Status) OK() bool { return s.Code == Success }

// The status codes (SAML Core, 3.2.2.2).
const (
	Success         = "urn:oasis:names:tc:SAML:2.0:status:Success"
	Requester       = "urn:oasis:names:tc:SAML:2.0:status:Requester"
	Responder       = "urn:oasis:names:tc:SAML:2.0:status:Responder"
	VersionMismatch = "urn:oasis:names:tc:SAML:2.0:status:VersionMismatch"

	AuthnFailed              = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"
	InvalidAttrNameOrValue   = "urn:oasis:names:tc:SAML:2.0:status:InvalidAttrNameOrValue"
	InvalidNameIDPolicy      = "urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy"
	NoAuthnContext           = "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext"
	NoAvailableIDP           = "urn:oasis:names:tc:SAML:2.0:status:NoAvailableIDP"
	NoPassive                = "urn:oasis:names:tc:SAML:2.0:status:NoPassive"
	NoSupportedIDP           = "urn:oasis:names:tc:SAML:2.0:status:NoSupportedIDP"
	PartialLogout            = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout"
	ProxyCountExceeded       = "urn:oasis:names:tc:SAML:2.0:status:ProxyCountExceeded"
	RequestDenied            = "urn:oasis:names:tc:SAML:2.0:status:RequestDenied"
	RequestUnsupported       = "urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported"
	RequestVersionDeprecated = "urn:oasis:names:tc:SAML:2.0:status:RequestVersionDeprecated"
	RequestVersionTooHigh    = "urn:oasis:names:tc:SAML:2.0:status:RequestVersionTooHigh"
	RequestVersionTooLow     = "urn:oasis:names:tc:SAML:2.0:status:RequestVersionTooLow"
	ResourceNotRecognized    = "urn:oasis:names:tc:SAML:2.0:status:ResourceNotRecognized"
	TooManyResponses         = "urn:oasis:names:tc:SAML:2.0:status:TooManyResponses"
	UnknownPrincipal         = "urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal"
	UnsupportedBinding       = "urn:oasis:names:tc:SAML:2.0:status:UnsupportedBinding"
)
