// Package federation owns what the doors to services have in common, whatever
// protocol they speak: the pseudonyms by which services know people, what a
// service that names levels and methods demands, the data that it may be told,
// and telling it that a session has ended. It refuses to know any protocol.
package federation
