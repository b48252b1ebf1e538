package wire_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"kapu/internal/federation/saml/wire"
)

// XML that means one thing to one parser and another to the next.
func TestHostileXML(t *testing.T) {
	billion := `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	for name, attack := range map[string]string{
		"document type":            `<!DOCTYPE a>` + plain,
		"external entity":          `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + strings.Replace(plain, ">abc<", ">&x;<", 1),
		"billion laughs":           billion + strings.Replace(plain, ">abc<", ">&c;<", 1),
		"undeclared entity":        strings.Replace(plain, ">abc<", ">&x;<", 1),
		"processing instruction":   strings.Replace(plain, "<saml:Issuer>", "<?php x?><saml:Issuer>", 1),
		"instruction before":       `<?xml-stylesheet href="x"?>` + plain,
		"comment in Issuer":        strings.Replace(plain, ">https://service.example/metadata<", ">https://service.example/<!--x-->metadata<", 1),
		"comment in NameID":        strings.Replace(plain, ">abc<", ">abc<!---->def<", 1),
		"comment between elements": strings.Replace(plain, "<saml:Issuer>", "<!--x--><saml:Issuer>", 1),
		"comment after":            plain + "<!--x-->",
		"CDATA":                    strings.Replace(plain, ">abc<", "><![CDATA[abc]]><", 1),
		"end of CDATA":             strings.Replace(plain, ">abc<", ">a]]>c<", 1),
		"another encoding":         `<?xml version="1.0" encoding="ISO-8859-1"?>` + plain,
		"UTF-7":                    `<?xml version="1.0" encoding="UTF-7"?>` + plain,
		"UTF-16":                   "\xff\xfe" + plain,
		"byte order mark":          "\ufeff" + plain,
		"XML 1.1":                  `<?xml version="1.1"?>` + plain,
		"declaration twice":        `<?xml version="1.0"?><?xml version="1.0"?>` + plain,
		"declaration late":         ` <?xml version="1.0"?>` + plain,
		"invalid UTF-8":            strings.Replace(plain, ">abc<", ">a\xc0\xafc<", 1),
		"surrogate":                strings.Replace(plain, ">abc<", ">a\xed\xa0\x80c<", 1),
		"NUL":                      strings.Replace(plain, ">abc<", ">a\x00c<", 1),
		"NUL as a reference":       strings.Replace(plain, ">abc<", ">a&#0;c<", 1),
		"reference to a surrogate": strings.Replace(plain, ">abc<", ">a&#xD800;c<", 1),
		"reference too large":      strings.Replace(plain, ">abc<", ">a&#x110000;c<", 1),
		"reference with a sign":    strings.Replace(plain, ">abc<", ">a&#+65;c<", 1),
		"undeclared prefix":        strings.Replace(plain, "<samlp:NameIDPolicy ", "<x:y/><samlp:NameIDPolicy ", 1),
		"undeclared attribute":     strings.Replace(plain, "<samlp:NameIDPolicy ", "<samlp:NameIDPolicy x:y='' ", 1),
		"two colons":               strings.Replace(plain, "<samlp:NameIDPolicy ", "<samlp:NameIDPolicy xmlns:x='urn:x' x:y:z='' ", 1),
		"colon first":              strings.Replace(plain, "<samlp:NameIDPolicy ", "<samlp:NameIDPolicy :Format='' ", 1),
		"prefix undone":            strings.Replace(plain, "<samlp:NameIDPolicy ", "<samlp:NameIDPolicy xmlns:x='' ", 1),
		"xml redeclared":           strings.Replace(plain, "<samlp:NameIDPolicy ", "<samlp:NameIDPolicy xmlns:xml='urn:x' ", 1),
		"xmlns declared":           strings.Replace(plain, "<samlp:NameIDPolicy ", "<samlp:NameIDPolicy xmlns:xmlns='urn:x' ", 1),
		"relative namespace":       strings.Replace(plain, "<samlp:NameIDPolicy ", "<samlp:NameIDPolicy xmlns:x='1' ", 1),
		"attribute twice":          strings.Replace(plain, ` ID="_1"`, ` ID="_1" ID="_1"`, 1),
		"attribute twice by space": strings.Replace(plain, "<samlp:NameIDPolicy ", "<samlp:NameIDPolicy xmlns:a='urn:x' xmlns:b='urn:x' a:c='' b:c='' ", 1),
		"attributes not apart":     strings.Replace(plain, ` Version=`, `Version=`, 1),
		"attribute without quotes": strings.Replace(plain, `ID="_1"`, `ID=_1`, 1),
		"less-than in attribute":   strings.Replace(plain, `ID="_1"`, `ID="_<1"`, 1),
		"line in attribute":        strings.Replace(plain, `ProviderName="`, "ProviderName=\"a\n", 1),
		"end tag of another":       strings.Replace(plain, "</saml:Issuer>", "</samlp:Issuer>", 1),
		"no end":                   strings.TrimSuffix(plain, "</samlp:AuthnRequest>"),
		"something after":          plain + "x",
		"another root after":       plain + "<a/>",
		"name beyond ASCII":        strings.Replace(plain, "<samlp:NameIDPolicy ", "<samlp:NameIDPolicy é='' ", 1),
		"declaration of one word":  `<?xmlversion="1.0"?>` + plain,
		"declaration, mixed":       `<?xml version='1.0"?>` + plain,
		"declaration, odd blank":   "<?xml\u00a0version=\"1.0\"?>" + plain,
		"encoding by reference":    `<?xml version="1.0" encoding="&#85;TF-8"?>` + plain,
		"element of xml:":          strings.Replace(plain, "<samlp:Extensions>", "<samlp:Extensions><xml:a/>", 1),
		"namespace beyond ASCII":   strings.Replace(plain, "<samlp:Extensions>", "<samlp:Extensions><a xmlns='urn:é'/>", 1),
		"namespace half encoded":   strings.Replace(plain, "<samlp:Extensions>", "<samlp:Extensions><a xmlns='urn:%zz'/>", 1),
		"namespace with markup":    strings.Replace(plain, "<samlp:Extensions>", "<samlp:Extensions><a xmlns='urn:&lt;'/>", 1),
		"namespace of a number":    strings.Replace(plain, "<samlp:Extensions>", "<samlp:Extensions><a xmlns='1:x'/>", 1),
		"too many namespaces":      strings.Replace(plain, "<samlp:Extensions>", "<samlp:Extensions>"+scopes(5)+strings.Repeat("</x:a>", 5), 1),
		"too deep":                 strings.Replace(plain, "<samlp:Extensions>", "<samlp:Extensions>"+strings.Repeat("<eidas:a xmlns:eidas='urn:x'>", 30)+strings.Repeat("</eidas:a>", 30), 1),
		"too many elements":        strings.Replace(plain, "<samlp:Extensions>", "<samlp:Extensions>"+strings.Repeat("<a xmlns='urn:x'/>", 1024), 1),
		"too many attributes":      strings.Replace(plain, "<samlp:Extensions>", "<samlp:Extensions "+strings.Repeat("a='' ", 30)+">", 1),
		"too large":                strings.Replace(plain, ">abc<", ">"+strings.Repeat("a", wire.MaxMessage)+"<", 1),
		"nothing":                  "",
	} {
		got, err := readPlain(attack)
		var fault *wire.Error
		if !errors.As(err, &fault) {
			t.Errorf("%s: accepted %+v", name, got)
		} else if fault.Answerable {
			t.Errorf("%s: would be answered: %v", name, fault)
		}
	}
	if got, err := readPlain(`<?xml version="1.0" encoding="utf-8"?>` + "\n" + strings.Replace(plain, ">abc<", ">a&lt;&#98;&#x63;&amp;lt;<", 1) + "\n"); err != nil || got.Subject.Value != "a<bc&lt;" {
		t.Errorf("%v %+v", err, got.Subject)
	}
}

// scopes opens elements within one another that declare 20 namespaces each; a
// name is looked up among all that are in scope, which took a quarter of a second
// for a message of the largest size.
func scopes(depth int) (text string) {
	for range depth {
		text += "<x:a xmlns:x='urn:x'"
		for i := range 19 {
			text += " xmlns:x" + strconv.Itoa(i) + "='urn:x'"
		}
		text += ">"
	}
	return text
}
