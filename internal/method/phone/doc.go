// Package phone owns the rooms of Telefonos Azonosítás on the web (R20): the
// identifier, the boxes of the asked digits, the first change of the password, the
// code that was spoken in a call and the questions that unlock; and the pages where
// its owner looks after it.
//
// It refuses to say of an identifier whether anybody has it: all that is wrong before
// the digits are right is told by one text. What an attempt is worth is decided by
// package kapu/internal/phone.
package phone
