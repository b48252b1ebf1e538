// Package web is the shell of every page: layout, components, texts in Hungarian and English, static files, reading
// of forms, the table that makes pages of errors, and the headers and checks that every request passes.
//
// It owns how a page looks and how a form is read. It refuses to know what a page is about: rooms (broker, portal,
// office, methods) bring their own templates and texts and import web; web imports none of them and touches no data.
//
// # A room
//
//	//go:embed *.html text static
//	var files embed.FS
//
//	pages := shell.Pages("portal", files)                // once, while wiring; panics on a broken template
//	shell.Handle(mux, "GET /account", r.account)         // a HandlerFunc: its errors become pages
//	pages.Show(w, r, http.StatusOK, "account", web.View{Form: f, Data: d}) // shows account.html
//	pages.Sample("account-fresh", "account", web.View{…}) // adds the page to /gallery
//
// Example shows a whole room with one page and one form.
//
// # A page
//
// A file page.html defines "title" and "main", and may define "shape" (class names of the main element: "kapu-narrow",
// the default, for reading and forms; "kapu-wide"; "kapu-desk" for a checklist beside the work) and "scripts".
// Files beginning with "_" hold templates shared by the room's pages. The dot has .Data, .Form, .Strip, .Visitor,
// .Lang and .Code (the support code of the request). Texts are flat keys "room.page.item" in text/hu.json and
// text/en.json with placeholders {{.Name}}; CheckTexts finds what is missing, unused or different.
//
// # Template functions: words
//
//	t "key" "Name" value …      the text; durations become "5 perc"
//	rich "key" "Name" value …   the text as HTML: arguments escaped, **bold**; an argument made by link stays a link
//	link "/url" "key"           a link, for an argument of rich
//	plain .Name                 data where a key is expected
//	date, dateUntil, dateOn v   "2026. május 2.", "2029. március 4-ig", "2026. május 2-án"; v is a time.Time or identity.Date
//	past v                      whether that time has come: whether what was valid until then is over
//	clock, moment, wait v       "9.42"; "ma 9.42", "tegnap 14.05", "2026. május 2. 9.42"; "5 perc"
//	iso v                       for the datetime attribute of <time>
//	groups 4 "12345678"         "1234 5678"
//	dict "name" value …, list … arguments of components
//
// # Template functions: form components
//
// label and hint are keys, or HTML made by rich, plain or link. What was typed and what failed comes from .Form.
// Other options: type, autocomplete, inputmode, width (2 3 4 5 10 14 20 30), prefix, suffix, heading (the label is the
// page's h1), optional, readonly, autocapitalize, spellcheck, list, rows, shortcut.
//
//	errorSummary .Form                         on top of the page, before the heading
//	field .Form "username" (dict "label" "k" "hint" "k" "autocomplete" "username")
//	password .Form "password" (dict "label" "k" "autocomplete" "new-password")
//	code .Form "code" (dict "label" "k")       one-time codes: large tabular figures, numeric keyboard
//	textArea, dateField, checkbox              as field; dateField is one input and takes what people paste
//	radios, choose                             also "items" (list (dict "value" "v" "label" "k" "hint" "k") …); radios: "inline" true
//	hidden "name" value
//	button "key" "name" "n" "value" "v" "shortcut" "Ctrl+Enter" "icon" "print"   (options optional)
//	buttonSecondary, buttonWarning             the same; put several into <div class="govuk-button-group">
//	toggle true "key" "name" "n" "value" "v"   a switch that submits the form around it; the key says what it switches
//	buttonLink "/url" "key", buttonLinkSecondary, back "/url" "key"
//
// # Template functions: parts
//
//	inset, notice, warning, success "key" "Name" value …   panels; or one argument of HTML
//	card (dict "url" "/x" "icon" "lock" "title" "k" "help" "k" "level" 2 "chip" "k" "first" true "weak" "k")
//	                            a card of a chooser; without url a submit button with name and value; weak says why not
//	progress 2 5                the arch that opens, "2. lépés – összesen 5"
//	mark (markOf "Adóhivatal")  the tile of a service;  levelDots 2;  levelName 2
//	icon "lock"                 the drawings under icons/
//	row "key" value             a line inside <dl class="govuk-summary-list">
//	state "on" "key"            a state in colour, picture and words: on, off, wait, bad
//	verdict "same" "key"        the register's answer: same, differs, unknown
//	step "done" "key" "/url"    inside <ol class="kapu-steps">: done, now, todo; the address may be ""
//	pagination "/before" "/after"
//	keys "Ctrl+Enter" "key" "/" "key" …       the box of keyboard hints
//	asset "room/file.js"        the address of a static file
//
// # Classes without a function
//
// kapu-lead (the paragraph under a heading); kapu-box (a bordered part of the portal) in kapu-columns;
// kapu-list of kapu-list__item (mark or icon, kapu-list__words with kapu-list__title and kapu-list__help, then what
// can be done); kapu-search; kapu-timeline with li, p and kapu-when; kapu-waiting; kapu-said-code; kapu-qr;
// kapu-table in kapu-scroll, rows kapu-table__differs; kapu-desk__side and kapu-desk__work (a div each, no aside
// inside main); kapu-pair (two fields abreast); kapu-receipt;
// kapu-demo, kapu-who; kapu-inbox, kapu-mail; kapu-sheet (a page to print), kapu-noprint; kapu-tabular; kapu-muted.
//
// # Failures of a field
//
// form.Fail("name", "room.page.key", "Max", 3) takes any key; form.FailInvalid("email", err) takes an *identity.Invalid,
// whose reasons have their words here: identity.reason.<field>.<reason>, else identity.reason.<reason>.
// A page that returns a form with failures answers 422.
//
// # Ways to other sites
//
//	shell.Carry(w, r, web.ToService, address, fields…)  a page whose form posts the fields there, by itself
//	shell.GoOn(w, r, web.ToSignOut, address)            a page that leads there, where a redirect might be stopped
//	shell.ShowFault(w, r, code, why)                    a service's request cannot be answered; why is for its developer
//
// # Script
//
// kapu.js serves what works without it: data-key="Ctrl+Enter" presses the element, data-search filters a list,
// data-autosubmit sends a form at once, data-print prints, data-copy copies. data-focus takes the focus on load.
// A form that brings a file is marked data-download, so that it can be sent again.
package web
