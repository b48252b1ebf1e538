package broker

// Shortcut is a way past a room for those whose browser can offer it there: a form
// that leads to another method's room, and the script that fills it in. Rooms are
// handed one without knowing whose it is; without the script it is not seen.
type Shortcut struct {
	Script    string // name of the static file
	Action    string // where the form goes: the other room, for the same visit
	Options   string // what the script asks the browser for, as JSON
	Challenge string // the same, sealed
}
