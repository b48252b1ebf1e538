package app

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Limits of the HTTP servers. A page or a form of ours is small; whoever needs
// longer than this is not reading it.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	largestHeader     = 64 << 10 // bytes; sealed transactions travel in the URL
	shutdownTime      = 10 * time.Second
)

// NewServer is an HTTP server with the gateway's limits; certificates may be nil.
func NewServer(h http.Handler, certificates *tls.Config, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, TLSConfig: certificates,
		ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: largestHeader,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug), // broken handshakes of strangers
	}
}

// Serve serves on l until ctx ends, then lets running requests finish.
func Serve(ctx context.Context, s *http.Server, l net.Listener) error {
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		// The parent is over; finishing gets a time of its own.
		finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		ended <- s.Shutdown(finish)
	}()
	var err error
	if s.TLSConfig != nil {
		err = s.ServeTLS(l, "", "")
	} else {
		err = s.Serve(l)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}
