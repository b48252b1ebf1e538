// Package services owns services as others would write them: a tax office, a
// municipality and a library, which let people be identified by OpenID Connect,
// and a health register, which does by SAML. Each is a small web application of
// its own, with libraries that are not ours; only what the SAML library lacks,
// single logout by Redirect, is done with our own messages. They show what they
// were told, so that a visitor of the demo sees what a service sees. They refuse
// to know anything of the gateway but its address, and to keep anything beyond
// the process.
package services
