// Package notify owns what the gateway writes to people: the kinds of messages and their words in every language, the
// outbox worker that sends them, and the two senders: mail ([SMTP]) and text messages ([Gateway]). A message enters the outbox in the transaction it speaks of
// ([Post]) and leaves it at least once ([Worker]).
//
// It refuses to name people: a message holds a code, a link or a time, never a name or an identifier; usernames stand
// only in [UsernameReminder], which was asked for them. It refuses pictures, scripts and anything fetched from afar,
// and to log an address or what a mail server said.
package notify
