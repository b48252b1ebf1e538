package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"kapu/internal/app"
	"kapu/internal/catalogue"
)

type serviceCommands struct {
	Add          serviceAddCommand     `cmd:"" help:"Register a service. It counts in a running gateway within seconds."`
	List         serviceListCommand    `cmd:"" help:"List the services."`
	Show         serviceShowCommand    `cmd:"" help:"Show a registration as YAML."`
	Check        serviceCheckCommand   `cmd:"" help:"Say what is wrong with a registration, or could be better, before a user finds out."`
	Change       serviceChangeCommand  `cmd:"" help:"Put another registration in place of a service's; its secret stays."`
	RotateSecret rotateSecretCommand   `cmd:"" help:"Give a service another secret; the former one counts for a while."`
	Sandbox      serviceSandboxCommand `cmd:"" help:"Let a developer see the last exchanges of a service."`
	Remove       serviceRemoveCommand  `cmd:"" help:"Remove a service."`
	Token        serviceTokenCommand   `cmd:"" help:"Make a token with which services may register by themselves (OpenID Connect Dynamic Client Registration)."`
}

type serviceAddCommand struct {
	where
	File        string   `type:"existingfile" placeholder:"FILE" help:"YAML file with one service, in the shape of the catalogue; instead of the flags below."`
	ID          string   `help:"Its id: a–z, 0–9, hyphen."`
	Name        string   `help:"Its Hungarian name."`
	NameEn      string   `help:"Its English name."`
	URL         string   `name:"url" help:"Where the portal sends people who choose it."`
	Level       string   `default:"substantial" help:"Least level: low, substantial or high."`
	Redirect    []string `name:"redirect-uri" help:"Where answers may go; may be repeated."`
	PostLogout  []string `name:"post-logout-redirect-uri" help:"Where people may be sent after signing out; may be repeated."`
	Claim       []string `help:"A piece of data that it may have; may be repeated."`
	Ground      string   `help:"The law that lets it have them."`
	Provisional bool     `help:"It also takes provisional registrations (level low only)."`
	Public      bool     `help:"It cannot keep a secret: an app, a page in a browser."`
	clientFlags
	partyFlags
}

// Run implements the command.
func (c *serviceAddCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(a *app.App) error {
		s, err := c.service(ctx, a)
		if err != nil {
			return err
		}
		secret, err := a.AddService(ctx, s, !c.Public)
		if err != nil {
			return err
		}
		fmt.Print("Registered. It counts within seconds.\n\n")
		if s.SAML != nil {
			fmt.Printf("entity_id      %s\nour metadata   %s%s\n", s.SAML.EntityID, a.Issuer, app.SAMLMetadataPath)
		}
		if s.OIDC != nil {
			fmt.Printf("issuer         %s\nclient_id      %s\n", a.Issuer, s.OIDC.ClientID)
		}
		if secret != "" {
			fmt.Printf("client_secret  %s\n\nThe secret is shown this once; hand it over safely.\n", secret)
		}
		return advise(s, a.LintService(ctx, s, false))
	})
}

func (c *serviceAddCommand) service(ctx context.Context, a *app.App) (*catalogue.Service, error) {
	switch {
	case c.File != "":
		return readService(c.File)
	case c.Metadata != "":
		s, err := c.party(ctx, a, c.PrivateNetwork)
		if err != nil {
			return nil, err
		}
		c.fill(s)
		return s, nil
	}
	s := &catalogue.Service{Name: map[string]string{}, OIDC: &catalogue.OIDC{ClientID: c.ID, RedirectURIs: c.Redirect, PostLogout: c.PostLogout}}
	c.fill(s)
	return s, c.describe(s.OIDC)
}

// fill writes what does not depend on how the service speaks.
func (c *serviceAddCommand) fill(s *catalogue.Service) {
	s.ID, s.URL, s.Level, s.Ground, s.Provisional = c.ID, c.URL, c.Level, c.Ground, c.Provisional
	for lang, name := range map[string]string{"hu": c.Name, "en": c.NameEn} {
		if name != "" {
			s.Name[lang] = name
		}
	}
	for _, claim := range c.Claim {
		s.Claims = append(s.Claims, catalogue.Claim(claim))
	}
}

func readService(path string) (*catalogue.Service, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	found, err := catalogue.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(found) != 1 || found[0] == nil || found[0].OIDC == nil && found[0].SAML == nil {
		return nil, fmt.Errorf("%s: write exactly one service, with oidc or saml, under services", path)
	}
	return found[0], nil
}

type serviceListCommand struct {
	where
}

// Run implements the command.
func (c *serviceListCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(a *app.App) error {
		all, err := a.RegisteredServices(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tLEVEL\tSPEAKS\tKEPT IN\tNAME")
		for _, s := range all {
			kept := "file"
			if s.Commanded {
				kept = "database"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.ID, s.Level, spoken(s.Service), kept, s.Name["hu"])
		}
		return w.Flush()
	})
}

type serviceShowCommand struct {
	where
	ID string `arg:"" help:"Id of the service."`
}

// Run implements the command.
func (c *serviceShowCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(a *app.App) error {
		s := a.Catalogue.Service(c.ID)
		if s == nil {
			return fmt.Errorf("there is no service %q", c.ID)
		}
		text, err := catalogue.Marshal(s)
		if err != nil {
			return err
		}
		_, err = os.Stdout.Write(text)
		return err
	})
}

type serviceChangeCommand struct {
	where
	File string `arg:"" type:"existingfile" help:"YAML file with the service as it shall be."`
}

// Run implements the command.
func (c *serviceChangeCommand) Run(ctx context.Context) error {
	s, err := readService(c.File)
	if err != nil {
		return err
	}
	return c.open(ctx, func(a *app.App) error {
		if err := a.ChangeService(ctx, s); err != nil {
			return err
		}
		fmt.Println("Changed. It counts within seconds.")
		return advise(s, a.LintService(ctx, s, false))
	})
}

type rotateSecretCommand struct {
	where
	ID      string        `arg:"" help:"Id of the service."`
	Overlap time.Duration `default:"168h" help:"How long the former secret still counts; 0s ends it now."`
}

// Run implements the command.
func (c *rotateSecretCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(a *app.App) error {
		secret, err := a.RotateServiceSecret(ctx, c.ID, c.Overlap)
		if err != nil {
			return err
		}
		fmt.Printf("client_secret  %s\n\nThe secret is shown this once. The former one still counts for %s.\n", secret, c.Overlap)
		return nil
	})
}

type serviceRemoveCommand struct {
	where
	ID string `arg:"" help:"Id of the service."`
}

// Run implements the command.
func (c *serviceRemoveCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(a *app.App) error {
		if err := a.RemoveService(ctx, c.ID); err != nil {
			return err
		}
		fmt.Println("Removed. Nobody is sent there any more, within seconds.")
		return nil
	})
}
