package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/textproto"
	"strings"
)

// firstRefusal: reply codes from here on are refusals for good (RFC 5321, section 4.2.1).
const firstRefusal = 500

// mailFault judges an answer to this one mail.
func mailFault(ctx context.Context, err error) *Fault {
	var reply *textproto.Error
	switch {
	case errors.As(err, &reply) && reply.Code >= firstRefusal:
		return &Fault{Kind: FaultRefused, Permanent: true}
	case errors.As(err, &reply):
		return &Fault{Kind: FaultLater}
	}
	return lineFault(ctx, err)
}

// greetingFault judges what went wrong before the mail was spoken of. It is not the mail's fault, so never for good.
func greetingFault(ctx context.Context, err error) *Fault {
	var reply *textproto.Error
	switch {
	case isTLS(err):
		return &Fault{Kind: FaultTLS}
	case errors.As(err, &reply) && reply.Code >= firstRefusal:
		return &Fault{Kind: FaultAuth}
	case errors.As(err, &reply):
		return &Fault{Kind: FaultLater}
	}
	return lineFault(ctx, err)
}

func isTLS(err error) bool {
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &certificate) || errors.As(err, &record) || errors.As(err, &alert) ||
		strings.HasPrefix(err.Error(), "STARTTLS") // the client's bare words when the server does not offer it
}

func lineFault(ctx context.Context, err error) *Fault {
	var network net.Error
	switch {
	case ctx.Err() != nil, errors.As(err, &network) && network.Timeout():
		return &Fault{Kind: FaultTimeout}
	case network != nil, errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
		return &Fault{Kind: FaultUnreachable}
	}
	return &Fault{Kind: FaultOther}
}
