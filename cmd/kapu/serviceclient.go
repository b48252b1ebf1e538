package main

import (
	"os"

	"kapu/internal/catalogue"
)

// clientFlags say how a service speaks OpenID Connect, where the defaults will
// not do. What they leave out a file can say.
type clientFlags struct {
	Grant          []string `help:"authorization_code, refresh_token or client_credentials; may be repeated. Default: the first."`
	AuthMethod     string   `help:"How it proves who it is: client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt, tls_client_auth, self_signed_tls_client_auth. Default: with its secret in either of the first two ways."`
	JWKS           string   `name:"jwks" type:"existingfile" placeholder:"FILE" help:"Its public keys, as a JWK set."`
	JWKSURI        string   `name:"jwks-uri" help:"Where its public keys are."`
	TLSSubject     string   `name:"tls-subject" help:"The subject of its certificate, like CN=client,O=Office,C=HU."`
	TLSName        string   `name:"tls-name" help:"A host name in its certificate."`
	Profile        string   `help:"fapi2-security or fapi2-message-signing."`
	Backchannel    string   `name:"backchannel-logout-uri" help:"Where we tell it, from machine to machine, that a session ended."`
	Frontchannel   string   `name:"frontchannel-logout-uri" help:"The same through the browser."`
	Sandbox        bool     `help:"Its developers may see its last exchanges with us: kapu admin service sandbox."`
	PrivateNetwork bool     `help:"It lives in our own network: we may call it on private addresses and on this machine."`
}

func (f clientFlags) describe(o *catalogue.OIDC) error {
	if f.JWKS != "" {
		text, err := os.ReadFile(f.JWKS)
		if err != nil {
			return err
		}
		o.JWKS = string(text)
	}
	o.GrantTypes, o.AuthMethod, o.JWKSURI, o.TLSSubject, o.TLSName = f.Grant, f.AuthMethod, f.JWKSURI, f.TLSSubject, f.TLSName
	o.BackchannelLogout, o.FrontchannelLogout, o.PrivateNetwork = f.Backchannel, f.Frontchannel, f.PrivateNetwork
	o.Profile, o.Sandbox = f.Profile, f.Sandbox
	if o.FAPI() { // what the profile has no choice in, or the better one
		o.RequirePAR, o.DPoPBound = true, true
	}
	return nil
}
