package provider

import (
	"encoding/json"

	"kapu/internal/web"
)

// samples puts the door's pages into the gallery.
func (p *Provider) samples() {
	p.pages.Sample("refused", "refused", web.View{Data: unheard("SAML Core, 3.4.1", "AssertionConsumerServiceURL is not one of those registered, to the letter")})
}

// texts are the words for a key in all languages, for our metadata.
func texts(key string) map[string]string {
	all := map[string]string{}
	for _, l := range web.Langs {
		var words map[string]string
		raw, err := files.ReadFile("text/" + string(l) + ".json")
		if err == nil {
			err = json.Unmarshal(raw, &words)
		}
		if err != nil {
			panic(err) // embedded: a mistake of this package
		}
		all[string(l)] = words[key]
	}
	return all
}
