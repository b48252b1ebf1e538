package wire

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// RequestType is the type of a request object (RFC 9101, 10.8).
const RequestType = "oauth-authz-req+jwt"

// RequestObject is an authorization request as the payload of a JWT that its
// client has signed (RFC 9101, 4). Times are in seconds; 0 where they are left out.
type RequestObject struct {
	Parameters Parameters // what is asked
	Issuer     string
	Subject    string
	Audience   []string
	Expires    float64
	NotBefore  float64
	Issued     float64
}

// asking are the parameters of an authorization request that mean anything to us.
var asking = []string{
	"acr_values", "claims", "client_id", "code_challenge", "code_challenge_method", "display", "dpop_jkt", "id_token_hint", "login_hint", "max_age", "nonce",
	"prompt", "redirect_uri", "registration", "request", "request_uri", "response_mode", "response_type", "scope", "state", "ui_locales",
}

func badObject(format string, args ...any) *Error {
	return Refuse(InvalidRequestObject, "RFC 9101, 4", format, args...)
}

// ParseRequestObject reads the payload of a request object. What it asks is held
// to the same limits as the parameters of an address; members that mean nothing
// to us are ignored. On an error it returns the parameters that are sound.
func ParseRequestObject(payload []byte) (o RequestObject, err error) {
	if len(payload) > MaxRequest {
		return o, badObject("the request object is too large")
	}
	all, err := members(payload)
	if err != nil {
		return o, badObject("the payload is not a JSON object, or has a member twice, or is nested too deep")
	}
	if err := o.readClaims(all); err != nil {
		return o, err
	}
	values := url.Values{}
	for _, name := range asking {
		text, fault := parameterOf(all[name])
		if fault != "" {
			err = badObject("%s %s", name, fault)
		} else if fault := sound(name, []string{text}); fault != "" {
			err = badObject("%s %s", name, fault)
		} else if text != "" {
			values.Set(name, text)
		}
	}
	o.Parameters = Parameters{values}
	if o.Parameters.Get("request") != "" || o.Parameters.Get("request_uri") != "" {
		return o, badObject("request and request_uri must not be within a request object")
	}
	return o, err
}

// readClaims reads what the object says of itself.
func (o *RequestObject) readClaims(all map[string]json.RawMessage) error {
	for name, into := range map[string]any{
		"iss": &o.Issuer, "sub": &o.Subject, "exp": &o.Expires, "nbf": &o.NotBefore, "iat": &o.Issued,
	} {
		if raw := all[name]; raw != nil && json.Unmarshal(raw, into) != nil {
			return badObject("%s is not of its type", name)
		}
	}
	if raw := all["aud"]; raw != nil {
		var one string
		if json.Unmarshal(raw, &one) == nil {
			o.Audience = []string{one}
		} else if json.Unmarshal(raw, &o.Audience) != nil {
			return badObject("aud is not of its type")
		}
	}
	return nil
}

// parameterOf is a member as the parameter that it stands for: a text as it is,
// a whole number by its digits, an object as JSON (RFC 9101, 4).
func parameterOf(raw json.RawMessage) (text, fault string) {
	switch {
	case raw == nil || string(raw) == "null":
		return "", ""
	case raw[0] == '"':
		if json.Unmarshal(raw, &text) != nil {
			return "", "is not a text"
		}
		return text, ""
	case raw[0] == '{':
		return compact(raw), ""
	}
	if n, err := strconv.ParseUint(string(raw), 10, 64); err == nil {
		return strconv.FormatUint(n, 10), ""
	}
	return "", "is neither text, nor number, nor object"
}

// compact takes the line ends and tabs out of JSON: between its values they mean
// nothing, and within its texts they cannot stand.
func compact(raw json.RawMessage) string {
	return strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(string(raw))
}

// Asking is p without what does not belong to an authorization request, such as
// the credentials of the client that pushed it.
func (p Parameters) Asking() Parameters {
	kept := url.Values{}
	for name, values := range p.values {
		if slices.Contains(asking, name) && values[0] != "" {
			kept[name] = values
		}
	}
	return Parameters{kept}
}

// With is p with a parameter that has that value.
func (p Parameters) With(name, value string) Parameters {
	changed := url.Values{name: {value}}
	for other, values := range p.values {
		if other != name {
			changed[other] = values
		}
	}
	return Parameters{changed}
}

// PushedPrefix begins the name of a pushed request (RFC 9126, 2.2).
const PushedPrefix = "urn:ietf:params:oauth:request_uri:"

// Pushed is the answer to a request that was pushed (RFC 9126, 2.2).
type Pushed struct {
	RequestURI string `json:"request_uri"`
	ExpiresIn  int64  `json:"expires_in"` // seconds
}
