// Package services owns two services as others would write them: a tax office
// and a municipality, each a small web application of its own that lets people
// be identified by OpenID Connect, with libraries that are not ours. They show
// what they were told, so that a visitor of the demo sees what a service sees.
// They refuse to know anything of the gateway but its address, and to keep
// anything beyond the process.
package services
