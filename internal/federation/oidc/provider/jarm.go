package provider

import (
	"context"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
)

// responseLife is how long a response that is a JWT holds (JARM, 2.1 recommends
// ten minutes at most). The code within is over sooner.
const responseLife = 5 * time.Minute

// fieldsOf are the parameters that carry a response: its own, or one JWT that
// is signed for the client and, if it wants that, encrypted to it (JARM, 2).
func (p *Provider) fieldsOf(ctx context.Context, service *catalogue.Service, mode wire.ResponseMode, response wire.Response) ([]wire.Field, error) {
	if !mode.Signed() {
		return response.Fields(), nil
	}
	o := service.OIDC
	payload, err := response.Payload(o.ClientID, p.Broker.Now().Add(responseLife).Unix())
	if err != nil {
		return nil, err
	}
	jwt, err := p.speak(ctx, service, o.ResponseAlg, o.ResponseKeyAlg, o.ResponseEncryption, typJWT, payload)
	return wire.Secured(jwt), err
}
