package wire

import "strings"

// The attributes of a natural person under eIDAS (eIDAS SAML Attribute Profile
// 1.2, 2.2), each the common start of their names with one word.
const (
	EIDASPrefix           = "http://eidas.europa.eu/attributes/naturalperson/"
	EIDASPersonIdentifier = EIDASPrefix + "PersonIdentifier"
	EIDASFamilyName       = EIDASPrefix + "CurrentFamilyName"
	EIDASGivenName        = EIDASPrefix + "CurrentGivenName"
	EIDASDateOfBirth      = EIDASPrefix + "DateOfBirth"
	EIDASBirthName        = EIDASPrefix + "BirthName"
	EIDASPlaceOfBirth     = EIDASPrefix + "PlaceOfBirth"
	EIDASCurrentAddress   = EIDASPrefix + "CurrentAddress"
	EIDASGender           = EIDASPrefix + "Gender"
)

// The attributes of a natural person who acts for the subject (eIDAS SAML Attribute
// Profile 1.2, 2.7): their names have a word more, and so has the namespace of their types.
const (
	EIDASRepresentative           = EIDASPrefix + "representative/"
	EIDASRepresentativeIdentifier = EIDASRepresentative + "PersonIdentifier"
	EIDASRepresentativeFamilyName = EIDASRepresentative + "CurrentFamilyName"
	EIDASRepresentativeGivenName  = EIDASRepresentative + "CurrentGivenName"
)

// The levels of assurance of eIDAS as authentication contexts (eIDAS SAML Message
// Format 1.2, 2.3.3).
const (
	EIDASLow         = "http://eidas.europa.eu/LoA/low"
	EIDASSubstantial = "http://eidas.europa.eu/LoA/substantial"
	EIDASHigh        = "http://eidas.europa.eu/LoA/high"
)

// friendly are the friendly names, where they are not the last word of the name.
var friendly = map[string]string{
	EIDASPersonIdentifier: "PersonIdentifier",
	EIDASFamilyName:       "FamilyName",
	EIDASGivenName:        "FirstName",
	EIDASDateOfBirth:      "DateOfBirth",
	EIDASBirthName:        "BirthName",
	EIDASPlaceOfBirth:     "PlaceOfBirth",
	EIDASCurrentAddress:   "CurrentAddress",
	EIDASGender:           "Gender",

	EIDASRepresentativeIdentifier: "RepresentativePersonIdentifier",
	EIDASRepresentativeFamilyName: "RepresentativeFamilyName",
	EIDASRepresentativeGivenName:  "RepresentativeFirstName",
}

// EIDASAttribute makes an attribute of a natural person with the type and the
// friendly name that eIDAS has for it; ok is false for names it does not have.
// Values are as eIDAS wants them: dates as YYYY-MM-DD, the address in base64.
func EIDASAttribute(name string, values ...string) (a Attribute, ok bool) {
	short, ok := friendly[name]
	if !ok {
		return Attribute{}, false
	}
	space := "natural:"
	if strings.HasPrefix(name, EIDASRepresentative) {
		space = "representative:"
	}
	kind := ValueType(space + name[strings.LastIndexByte(name, '/')+1:] + "Type")
	return Attribute{Name: name, NameFormat: NameFormatURI, FriendlyName: short, Type: kind, Values: values}, true
}
