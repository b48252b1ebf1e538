package provider

import (
	"embed"
	"encoding/json"

	"kapu/internal/web"
)

//go:embed text
var files embed.FS

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
