// Package register owns what the gateway asks of the population register (személyiadat- és lakcímnyilvántartás) and
// how the answer is worded: a verdict field by field, and the authoritative record only when everything agrees.
//
// It refuses to judge. Whether a kind of document is accepted, or a person is old enough, is for package law; what a
// difference means for a registration is for package registration. Adapters live below it: http speaks to the real
// register, the simulator is one.
package register
