package population

import (
	"time"

	"kapu/internal/identity"
)

// portrait is a named person as this file draws them; identifiers and document numbers are issued by the builder.
type portrait struct {
	situation     Situation
	sex           identity.Sex
	birthName     identity.Name
	mother        identity.Name
	birthPlace    string
	born          identity.Date
	address       identity.Address
	documents     []Held        // without numbers; validCard when none
	currentName   identity.Name // the birth name when not stated
	nationality   string        // Hungarian when not stated
	died          identity.Date
	formerAddress identity.Address
}

// name and home keep the table below readable.
func name(family, given string) identity.Name { return identity.Name{Family: family, Given: given} }

func home(postalCode, settlement, street string) identity.Address {
	return identity.Address{Country: identity.Hungary, PostalCode: postalCode, Settlement: settlement, Street: street}
}

func on(year int, month time.Month, day int) identity.Date {
	return identity.Date{Year: year, Month: month, Day: day}
}

func document(kind identity.DocumentKind, issued, expires identity.Date) Held {
	return Held{Document: identity.Document{Kind: kind, Issued: issued, Expires: expires}}
}

var (
	validCard    = document(identity.IdentityCard, on(2023, 5, 15), on(2033, 5, 15))
	validLicence = document(identity.DrivingLicence, on(2021, 9, 2), on(2036, 9, 2))
	validPass    = document(identity.Passport, on(2022, 2, 10), on(2032, 2, 10))
	expiredCard  = document(identity.IdentityCard, on(2014, 6, 30), on(2024, 6, 30))
	oldLicence   = document(identity.DrivingLicence, on(2000, 11, 20), on(2040, 11, 20))
	lostCard     = Held{Document: validCard.Document, Lost: true}
)

var named = []portrait{
	{situation: Ordinary, sex: identity.Female, birthName: name("Kovács", "Anna"), mother: name("Nagy", "Ilona"),
		birthPlace: "Szeged", born: on(1985, 3, 12), address: home("6720", "Szeged", "Kárász utca 5."),
		documents: []Held{validCard, validLicence}},
	{situation: Ordinary, sex: identity.Male, birthName: name("Tóth", "Gábor"), mother: name("Horváth", "Mária"),
		birthPlace: "Budapest", born: on(1974, 8, 20), address: home("1132", "Budapest", "Visegrádi utca 18. 3. em. 2."),
		documents: []Held{validLicence, validPass}},
	{situation: Ordinary, sex: identity.Female, birthName: name("Varga", "Katalin"), currentName: name("Szabóné Varga", "Katalin"),
		mother: name("Kiss", "Erzsébet"), birthPlace: "Debrecen", born: on(1951, 12, 1),
		address: home("4026", "Debrecen", "Péterfia utca 40.")},
	{situation: Ordinary, sex: identity.Male, birthName: name("Űrhegyi", "Ödön"), mother: name("Őri", "Tünde"),
		birthPlace: "Győr", born: on(1997, 1, 1), address: home("9021", "Győr", "Árpád út 7."), documents: []Held{validPass}},
	{situation: Ordinary, sex: identity.Female, birthName: name("Fekete", "Zsófia"), mother: name("Lakatos", "Judit"),
		birthPlace: "Pécs", born: on(2004, 2, 29), address: home("7621", "Pécs", "Király utca 11.")},

	{situation: Dead, sex: identity.Male, birthName: name("Molnár", "Béla"), mother: name("Papp", "Rozália"),
		birthPlace: "Miskolc", born: on(1938, 4, 4), address: home("3525", "Miskolc", "Széchenyi István út 21."), died: on(2025, 10, 9)},
	{situation: LostDocument, sex: identity.Female, birthName: name("Takács", "Réka"), mother: name("Balogh", "Éva"),
		birthPlace: "Eger", born: on(1992, 6, 17), address: home("3300", "Eger", "Dobó István utca 9."),
		documents: []Held{lostCard, validPass}},
	{situation: ExpiredDocument, sex: identity.Male, birthName: name("Németh", "Lajos"), mother: name("Simon", "Teréz"),
		birthPlace: "Sopron", born: on(1966, 11, 3), address: home("9400", "Sopron", "Várkerület 30."), documents: []Held{expiredCard}},
	{situation: OldLicence, sex: identity.Male, birthName: name("Rácz", "Ferenc"), mother: name("Oláh", "Margit"),
		birthPlace: "Baja", born: on(1972, 7, 7), address: home("6500", "Baja", "Szentháromság tér 4."),
		documents: []Held{oldLicence, validCard}},

	{situation: Namesake, sex: identity.Male, birthName: name("Horváth", "Péter"), mother: name("Farkas", "Ágnes"),
		birthPlace: "Veszprém", born: on(1990, 5, 5), address: home("8200", "Veszprém", "Óváros tér 2.")},
	{situation: Namesake, sex: identity.Male, birthName: name("Horváth", "Péter"), mother: name("Fazekas", "Ágota"),
		birthPlace: "Veszprém", born: on(1990, 5, 5), address: home("8200", "Veszprém", "Cserhát utca 13.")},

	{situation: LongName, sex: identity.Female,
		birthName:   name("Székelyhidi-Alsószentmihályfalvi", "Krisztina Erzsébet Magdolna Antónia"),
		currentName: name("Nagykárolyi-Felsőszentkirályiné Székelyhidi-Alsószentmihályfalvi", "Krisztina Erzsébet Magdolna Antónia"),
		mother:      name("Hódmezővásárhelyi-Kisújszállási", "Bernadett Szilvia Franciska"),
		birthPlace:  "Hódmezővásárhely", born: on(1979, 10, 30),
		address: home("6800", "Hódmezővásárhely", "Hódmezővásárhelyi Népkert sor 112/B. C lépcsőház 14. em. 148.")},
	{situation: ShortName, sex: identity.Female, birthName: name("Ő", "Ida"), mother: name("Ó", "Éva"),
		birthPlace: "Ág", born: on(1988, 1, 8), address: home("7381", "Ág", "Fő u. 1.")},
	{situation: Apostrophe, sex: identity.Male, birthName: name("O'Brien", "Patrik"), mother: name("D'Angelo", "Szilvia"),
		birthPlace: "Budapest", born: on(1994, 3, 17), address: home("1024", "Budapest", "Lövőház utca 22.")},
	{situation: Hyphen, sex: identity.Female, birthName: name("Kis", "Dóra"), currentName: name("Kis-Juhász", "Dóra"),
		mother: name("Gál-Sipos", "Anikó"), birthPlace: "Kecskemét", born: on(1991, 9, 24),
		address: home("6000", "Kecskemét", "Rákóczi út 3-5.")},
	{situation: Foreigner, sex: identity.Male, birthName: name("Müller", "Jürgen"), mother: name("Groß", "Ingeborg"),
		birthPlace: "München", born: on(1969, 2, 14), address: home("8360", "Keszthely", "Kossuth Lajos utca 60."),
		documents: []Held{validPass}, nationality: "DE"},
	{situation: Minor, sex: identity.Female, birthName: name("Barta", "Luca"), mother: name("Soós", "Nóra"),
		birthPlace: "Vác", born: on(2018, 4, 21), address: home("2600", "Vác", "Köztársaság út 8.")},
	{situation: Moved, sex: identity.Male, birthName: name("Veres", "Máté"), mother: name("Boros", "Tímea"),
		birthPlace: "Szolnok", born: on(1996, 12, 31), address: home("1082", "Budapest", "Üllői út 52. 1. em. 6."),
		formerAddress: home("5000", "Szolnok", "Baross utca 14.")},

	{situation: Clerk, sex: identity.Female, birthName: name("Szántó", "Erika"), mother: name("Pintér", "Gizella"),
		birthPlace: "Budapest", born: on(1976, 5, 19), address: home("1145", "Budapest", "Amerikai út 31.")},
	{situation: Clerk, sex: identity.Male, birthName: name("Gulyás", "András"), mother: name("Máté", "Klára"),
		birthPlace: "Szombathely", born: on(1983, 10, 2), address: home("1115", "Budapest", "Bartók Béla út 96.")},
	{situation: Clerk, sex: identity.Female, birthName: name("Hegedűs", "Júlia"), mother: name("Fodor", "Edit"),
		birthPlace: "Sopron", born: on(1979, 2, 11), address: home("9400", "Sopron", "Várkerület 58.")},

	{situation: Abroad, sex: identity.Female, birthName: name("Halász", "Emese"), mother: name("Kun", "Magdolna"),
		birthPlace: "Zalaegerszeg", born: on(1987, 6, 2), documents: []Held{validPass},
		address: identity.Address{Country: "AT", PostalCode: "1070", Settlement: "Wien", Street: "Neubaugasse 12/5"}},
	{situation: Abroad, sex: identity.Male, birthName: name("Bíró", "Ákos"), mother: name("Vida", "Julianna"),
		birthPlace: "Pápa", born: on(1961, 9, 13), documents: []Held{validPass}},
	{situation: Abroad, sex: identity.Female, birthName: name("Novak", "Milica"), mother: name("Jovanović", "Jelena"),
		birthPlace: "Novi Sad", born: on(1978, 3, 30), documents: []Held{validPass}, nationality: "RS",
		address: identity.Address{Country: "RS", PostalCode: "24000", Settlement: "Subotica", Street: "Korzo 8"}},
}

func (b *builder) named(p portrait) Entry {
	person := identity.Person{
		CurrentName: p.currentName, Address: p.address, Nationality: p.nationality,
		Core: identity.Core{BirthName: p.birthName, MotherBirthName: p.mother, BirthPlace: p.birthPlace, BirthDate: p.born},
	}
	if person.CurrentName.IsZero() {
		person.CurrentName = p.birthName
	}
	if person.Nationality == "" {
		person.Nationality = identity.Hungarian
	}
	b.namesakes[person.Core] = true
	b.identify(&person, p.sex)
	entry := Entry{Person: person, Situation: p.situation, Died: p.died, FormerAddress: p.formerAddress}
	if p.documents == nil {
		p.documents = []Held{validCard}
	}
	for _, held := range p.documents {
		held.Number = b.number(held.Kind)
		entry.Documents = append(entry.Documents, held)
	}
	return entry
}
