// Package browsertest drives a real Chromium for tests, in the words a person would use: fill the field
// called “Jelszó”, click the button called “Tovább”. Looking things up by what is written on them keeps
// tests honest about what a citizen sees and what a screen reader says.
//
// It owns the browser process, one cookie jar a visitor, screenshots and the accessibility check by axe.
// It refuses hosts other than the machine's own, sleeping for fixed times, and things only a script could
// reach: hidden or covered elements. What the browser's console complains about (content security policy,
// script errors, missing files) fails the test.
//
// The browser is named by KAPU_TEST_CHROMIUM; without it tests are skipped and say so.
package browsertest
