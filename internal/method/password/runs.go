package password

import "strings"

// rows are the lines along which fingers and eyes run: keyboards as Hungarians
// and others have them. Alphabet and digits need no row: code points do.
var rows = []string{
	"0123456789", "1234567890", "qwertyuiop", "qwertzuiopou", "asdfghjkl", "asdfghjkleau", "zxcvbnm", "yxcvbnm", "iyxcvbnm",
	"qazwsxedcrfvtgbyhnujm", "1qaz2wsx3edc4rfv5tgb6zhn7ujm", "1qay2wsx3edc4rfv5tgb",
}

const minRun = 3

// runs counts the characters of folded text with every run of at least minRun
// (aaa, abc, 987, qwe) counted once. Random text counts its length.
func runs(text []rune) int {
	count := 0
	for i := 0; i < len(text); {
		n := runAt(text[i:])
		if n < minRun {
			n = 1
		}
		i += n
		count++
	}
	return count
}

// runAt is the length of the longest run that starts the text.
func runAt(text []rune) int {
	longest := 1
	for _, step := range []rune{-1, 0, 1} {
		longest = max(longest, steps(text, step))
	}
	for _, row := range rows {
		longest = max(longest, along(text, row), along(text, reverse(row)))
	}
	return longest
}

func steps(text []rune, step rune) int {
	n := 1
	for n < len(text) && text[n]-text[n-1] == step {
		n++
	}
	return n
}

// along is how many characters of the text follow the row from where it starts.
func along(text []rune, row string) int {
	at := strings.IndexRune(row, text[0])
	if at < 0 {
		return 0
	}
	n := 0
	for _, r := range row[at:] {
		if n == len(text) || text[n] != r {
			break
		}
		n++
	}
	return n
}

func reverse(row string) string {
	out := make([]byte, 0, len(row))
	for i := len(row) - 1; i >= 0; i-- {
		out = append(out, row[i])
	}
	return string(out)
}
