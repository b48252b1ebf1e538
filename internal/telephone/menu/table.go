package menu

import (
	"kapu/internal/telephone/prompt"
)

// stage is a row of the table: what is said at a step, and where inputs lead.
type stage struct {
	says    func(State) []prompt.ID // on coming, and at each repetition
	english prompt.ID               // said after it in English, whatever the language
	firm    bool                    // it must have been heard
	keys    map[rune]move           // of a choice
	choose  func(State, rune) (move, bool)
	entry   *entry           // or digits
	silence *move            // where the first silence leads, if not to a repetition
	back    Step             // where * leads; "" is here
	answers map[Outcome]move // of a request that is under way
}

// entry is how digits are gathered.
type entry struct {
	length  func(State) int // exactly so many
	most    int             // or, without length, from one to so many
	instant bool            // the last digit ends it, and each is asked for by itself; otherwise # does
	short   prompt.ID       // said when there are too few or too many
	next    func(State) move
}

// move is where something leads.
type move struct {
	to    Step
	say   []prompt.ID                           // before what is said there
	tell  func(prompt.Lang, Answer) []prompt.ID // of what was answered
	keep  func(s *State, a Answer)              // in the state
	ask   func(State) Request                   // if the step is one at which the service is asked
	fails bool                                  // this was an attempt to be identified, and failed
}

func ids(all ...prompt.ID) func(State) []prompt.ID { return func(State) []prompt.ID { return all } }

func says(all ...prompt.ID) []prompt.ID { return all }

// table is the menu. What a row does not name: * repeats, 0 and # repeat, other
// keys say that they do nothing; other outcomes are Failed.
var table = map[Step]stage{
	Greeting: {
		says: ids("greeting"), english: "greeting.other",
		keys: map[rune]move{
			'1': {to: Identifier, keep: speak(prompt.Hungarian)},
			'2': {to: Identifier, keep: speak(prompt.English)},
		},
		silence: &move{to: Identifier}, // Hungarian first
	},
	Identifier: {
		says:  ids("identifier"),
		entry: &entry{length: func(s State) int { return s.Rules.Identifier }, short: "short", next: to(move{to: Opening, ask: open})},
		back:  Greeting,
	},
	Opening: {answers: map[Outcome]move{
		Done: {to: Position, say: says("digits"), keep: askPositions},
	}},
	Position: {
		says:  position,
		entry: &entry{length: asked, instant: true, next: to(move{to: Checking, ask: check})},
		back:  Identifier,
	},
	Checking: {answers: map[Outcome]move{
		Right:  {to: Menu, say: says("identified"), tell: lastUse, keep: identify},
		First:  {to: New, say: says("identified", "first"), keep: identifyFirst},
		Wrong:  {to: Stuck, say: says("wrong"), fails: true},
		Later:  {to: Stuck, say: says("later"), tell: minutes, fails: true},
		Moved:  {to: Position, say: says("moved"), keep: askPositions},
		Lapsed: {to: Ended, say: says("lapsed")},
		Paused: {to: Ended, say: says("paused")},
		Shut:   {to: Ended, say: says("shut")},
	}},
	Stuck: {
		says: ids("stuck"),
		keys: map[rune]move{'1': {to: Reminding, ask: remind}},
		back: Identifier,
	},
	Reminding: {answers: map[Outcome]move{
		Done: {to: Question, say: says("question.lead"), keep: askQuestions},
	}},
	Question: {
		says:  question,
		entry: &entry{most: answerDigits, short: "question.short", next: nextQuestion},
		back:  Identifier,
	},
	Unlocking: {answers: map[Outcome]move{
		Done:   {to: Identifier, say: says("unlocked")},
		Wrong:  {to: Stuck, say: says("unlock.not"), fails: true},
		Later:  {to: Stuck, say: says("later"), tell: minutes, fails: true},
		Moved:  {to: Question, say: says("moved"), keep: askQuestions},
		Paused: {to: Ended, say: says("paused")},
		Shut:   {to: Ended, say: says("shut")},
	}},
	Menu: {
		says: ids("menu"),
		keys: map[rune]move{
			'1': {to: New},
			'2': {to: Recalling, ask: func(State) Request { return Recall{} }},
			'3': {to: Listing, ask: func(State) Request { return List{} }},
			'4': {to: Coding, ask: func(State) Request { return Code{} }},
			'5': {to: Desk},
			'9': {to: Ended},
		},
	},
	New: {
		says:  newPassword,
		entry: &entry{length: passwordDigits, short: "short", next: to(move{to: Again, keep: choose})},
		back:  Menu,
	},
	Again: {
		says:  ids("again"),
		entry: &entry{length: passwordDigits, short: "short", next: twice},
		back:  New,
	},
	Changing: {answers: map[Outcome]move{
		Done: {to: Menu, say: says("changed"), keep: func(s *State, _ Answer) { s.First = false }},
		Weak: {to: New, say: says("weak")},
		Gone: gone,
	}},
	Recalling: {answers: map[Outcome]move{
		Done: {to: Menu, say: says("history"), tell: past},
		None: {to: Menu, say: says("history.none")},
		Gone: gone,
	}},
	Listing: {answers: map[Outcome]move{
		Done: {to: Ways, keep: func(s *State, a Answer) { s.Ways = a.Ways }},
		Gone: gone,
	}},
	Ways:       {says: ways, choose: chooseWay, back: Menu},
	Confirm:    {says: confirm, keys: map[rune]move{'1': {to: Deciding, ask: decide}}, back: Ways},
	ConfirmOwn: {says: confirmOwn, firm: true, keys: map[rune]move{'1': {to: DecidingOwn, ask: decide}}, back: Ways},
	Deciding: {answers: map[Outcome]move{
		Done:    {to: Menu, say: says("decided")},
		Refused: {to: Menu, say: says("refused")},
		Gone:    gone,
	}},
	DecidingOwn: {answers: map[Outcome]move{
		Done:    {to: Ended, say: says("decided")},
		Refused: {to: Menu, say: says("refused")},
		Gone:    gone,
	}},
	Coding: {answers: map[Outcome]move{
		Done: {to: Menu, tell: code},
		Gone: gone,
	}},
	Desk: {
		says:  ids("desk"),
		entry: &entry{length: fixed(deskDigits), short: "short", next: to(move{to: Finding, ask: find})},
		back:  Menu,
	},
	Finding: {answers: map[Outcome]move{
		Done: {to: Consent, keep: func(s *State, a Answer) { s.Office = a.Office }},
		None: {to: Menu, say: says("desk.unknown")},
		Gone: gone,
	}},
	Consent: {says: consent, firm: true, keys: map[rune]move{'#': {to: Showing, ask: func(State) Request { return Show{} }}}, back: Menu},
	Showing: {answers: map[Outcome]move{
		Done: {to: Menu, say: says("desk.shown")},
		None: {to: Menu, say: says("desk.unknown")},
		Gone: gone,
	}},
	Ended: {},
}

// gone is where a call goes whose caller counts as identified no more.
var gone = move{to: Identifier, say: says("gone"), keep: func(s *State, _ Answer) { s.Identified, s.First = false, false }}
