package population

import (
	"crypto/tls"
	"net/http"
	"time"

	registerhttp "kapu/internal/register/http"
)

// Limits of a connection to the simulator.
const (
	readLimit   = 5 * time.Second
	answerLimit = 30 * time.Second
	idleLimit   = 2 * time.Minute
	largestHead = 16 << 10 // bytes
)

// Server serves the register as docs/register-openapi.yaml says. With a TLS configuration (see Certificates) start it
// by ServeTLS; the caller starts and stops it.
func Server(people *Register, config *tls.Config) *http.Server {
	return &http.Server{
		Handler: registerhttp.Handler(people), TLSConfig: config,
		ReadTimeout: readLimit, WriteTimeout: answerLimit, IdleTimeout: idleLimit, MaxHeaderBytes: largestHead,
	}
}
