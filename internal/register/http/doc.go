// Package registerhttp owns the road between the gateway and the population register: JSON over HTTP with mutual TLS,
// as docs/register-openapi.yaml describes it, for both ends. The client repeats what may be repeated, waits a growing
// random time between attempts, and stops asking for a while when the register keeps failing.
//
// It refuses redirects, proxies, answers beyond a size, and answers that contradict themselves. It logs nothing, and
// no error of it carries a body, for both ends of this road are personal data.
package registerhttp
