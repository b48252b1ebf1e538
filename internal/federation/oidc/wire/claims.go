package wire

import (
	"encoding/json"
	"slices"
)

// ClaimsRequest is the claims parameter (Core, 5.5).
type ClaimsRequest struct {
	IDToken  map[string]ClaimRequest // asked for in the ID token
	UserInfo map[string]ClaimRequest // asked for at the userinfo endpoint
}

// ClaimRequest is how one claim is asked for (Core, 5.5.1).
type ClaimRequest struct {
	Essential bool
	Values    []string // acceptable values, in order of preference; none: any. Values that are no text are left out
}

// maxClaims is how many claims a request may name.
const maxClaims = 64

// ParseClaims reads the claims parameter; "" asks for nothing. Members that are
// not known are ignored, as the standard wants (Core, 5.5).
func ParseClaims(text string) (c ClaimsRequest, err error) {
	if text == "" {
		return c, nil
	}
	top, err := members([]byte(text))
	if err != nil {
		return c, badClaims()
	}
	if c.IDToken, err = claimsOf(top["id_token"]); err != nil {
		return c, err
	}
	c.UserInfo, err = claimsOf(top["userinfo"])
	return c, err
}

func badClaims() *Error {
	return Refuse(InvalidRequest, "OpenID Connect Core, 5.5", "claims is not a JSON object of the right shape")
}

func claimsOf(raw json.RawMessage) (map[string]ClaimRequest, error) {
	if raw == nil {
		return nil, nil
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil || len(members) > maxClaims {
		return nil, badClaims()
	}
	found := make(map[string]ClaimRequest, len(members))
	for name, raw := range members {
		c, err := claimOf(raw)
		if err != nil {
			return nil, err
		}
		found[name] = c
	}
	return found, nil
}

func claimOf(raw json.RawMessage) (c ClaimRequest, err error) {
	var members map[string]json.RawMessage // nil for null: asked for in the default manner
	if json.Unmarshal(raw, &members) != nil {
		return c, badClaims()
	}
	if e := members["essential"]; e != nil && json.Unmarshal(e, &c.Essential) != nil {
		return c, badClaims()
	}
	var values []json.RawMessage
	if v := members["values"]; v != nil && json.Unmarshal(v, &values) != nil {
		return c, badClaims()
	}
	if v := members["value"]; v != nil {
		values = slices.Insert(values, 0, v)
	}
	for _, v := range values {
		var text string
		if json.Unmarshal(v, &text) == nil {
			c.Values = append(c.Values, text)
		}
	}
	return c, nil
}
