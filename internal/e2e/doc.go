// Package e2e owns the tests of the whole house in a real browser: a demo with
// all its rooms, its register, its mail and its services, walked as a clerk and
// a citizen walk it, on SQLite and on PostgreSQL. It refuses to look behind the
// pages: what is tested is what somebody sees, types and is sent. Only the clock,
// the work that comes round with it and the register's failure are moved by hand;
// whether the ledger is whole is asked of the ledger.
package e2e
