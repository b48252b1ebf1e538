package store

import "strconv"

// place is the associated data of an encrypted field: a ciphertext moved to
// another table, column or row does not open there.
func place(table, column, row string) string { return table + "/" + column + "/" + row }

func placeholder(n int) string { return "$" + strconv.Itoa(n) }
