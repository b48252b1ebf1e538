// Package herald tells people what happened in their name: it gathers the facts of an identification, asks package
// notice, and posts what is to be told with a link by which they say that it was not them. It owns what each person
// wishes to be told and by what way, the proof of their phone, and the monthly statement.
//
// It refuses to be silenced: what is suspicious is told whatever somebody wishes, a change of these wishes is told by
// the old way, and neither costs those who pass by single sign-on anything.
package herald
