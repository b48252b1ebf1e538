// Package statute owns how the law is told to people: the table as text, JSON and Markdown, the dates of one account
// in words, and what a change of rules would mean for the accounts there are. It refuses to open a database: what it
// tells of, it is given.
package statute
