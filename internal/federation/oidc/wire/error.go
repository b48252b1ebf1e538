package wire

import (
	"fmt"
	"net/http"
)

// Error is an error of the protocol as it goes to the service. It is for its
// developer: the description holds nothing personal and none of the values sent.
type Error struct {
	Code        string // registered error code
	Description string // printable ASCII without quote and backslash (RFC 6749, 5.2)
	Section     string // where the standard says so
	AtResource  bool   // said by what a token opens: a fault of a DPoP proof is then one of the token (RFC 9449, 7.1)
}

// The error codes in use.
const (
	InvalidRequest          = "invalid_request"
	InvalidClient           = "invalid_client"
	InvalidGrant            = "invalid_grant"
	InvalidScope            = "invalid_scope"
	InvalidToken            = "invalid_token"
	InsufficientScope       = "insufficient_scope"
	InvalidProof            = "invalid_dpop_proof"
	UseNonce                = "use_dpop_nonce"
	UnauthorizedClient      = "unauthorized_client"
	UnsupportedGrantType    = "unsupported_grant_type"
	UnsupportedResponseType = "unsupported_response_type"
	InvalidRequestObject    = "invalid_request_object"
	InvalidRequestURI       = "invalid_request_uri"
	RegistrationUnsupported = "registration_not_supported"
	LoginRequired           = "login_required"
	ConsentRequired         = "consent_required"
	InteractionRequired     = "interaction_required"
	AccessDenied            = "access_denied"
	InvalidRedirectURI      = "invalid_redirect_uri"
	InvalidClientMetadata   = "invalid_client_metadata"
	UnapprovedStatement     = "unapproved_software_statement"
	TemporarilyUnavailable  = "temporarily_unavailable"
	UnmetRequirements       = "unmet_authentication_requirements"
	ServerError             = "server_error"
)

// Refuse makes an error; section names the standard's section behind it.
func Refuse(code, section, format string, args ...any) *Error {
	return &Error{Code: code, Section: section, Description: fmt.Sprintf(format, args...)}
}

// Error is the error in one line.
func (e *Error) Error() string { return e.Code + ": " + e.Full() }

// Full is the description with the section of the standard.
func (e *Error) Full() string {
	if e.Section == "" {
		return e.Description
	}
	return e.Description + " (" + e.Section + ")"
}

// Status is the HTTP status of an error that is answered directly (RFC 6749,
// 5.2; RFC 6750, 3.1).
func (e *Error) Status() int {
	switch e.Code {
	case InvalidClient, InvalidToken:
		return http.StatusUnauthorized
	case InvalidProof, UseNonce:
		if e.AtResource {
			return http.StatusUnauthorized
		}
	case InsufficientScope:
		return http.StatusForbidden
	case TemporarilyUnavailable:
		return http.StatusTooManyRequests
	case ServerError:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}
