package password

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPolicy(t *testing.T) {
	policy := Policy{Min: 12, Max: 128}
	owner := Owner{Username: "KisAnna", Email: "anna.kiss@example.hu", Names: []string{"Kiss", "Anna", "Léna"}}
	for _, c := range []struct {
		password string
		want     []Reason
	}{
		{"zebra kettő hajnal", nil},
		{"Kovácsoltvas-kilincs 7", nil},
		{"nem eszik olyan forrón a kását", nil},
		{"x9$Kq2!mWz7#Lp", nil},
		{"tűzföldi pingvin ír", nil},
		{"ゆきがふるよるにほしがみえた", nil},
		{"a Léna lánya zongorázik este", nil}, // a name in a long passphrase is fine

		{"zebrakettő7", []Reason{Short}},
		{strings.Repeat("zebra kettő ", 11), []Reason{Long}},
		{"", []Reason{Short}},
		{"ab", []Reason{Short, Repeats}},

		{"jelszo123456", []Reason{Common}},
		{"Jelszó2024!!", []Reason{Common}},
		{"J3lsz0_19850312", []Reason{Common}},
		{"$zeretlek2024", []Reason{Common}},
		{"jelszójelszó", []Reason{Common, Repeats}},
		{"JelszóJelszó1", []Reason{Common}},
		{"Password-2024", []Reason{Common}},
		{"pa55w0rd12345", []Reason{Common}},
		{"Ügyfélkapu2025", []Reason{Common}},
		{"hajráfradi1899", []Reason{Common}},
		{"ferencvaros1899", []Reason{Common}},
		{"megszentségteleníthetetlenség", nil}, // no dictionary entry: an inflected word
		{"1qaz2wsx3edc", []Reason{Common, Repeats}},

		{"aaaaaaaaaaaaaa", []Reason{Repeats}},
		{"qwertzuiopasdf", []Reason{Repeats}},
		{"abcdefgh12345678", []Reason{Common, Repeats}},
		{"111222333444", []Reason{Repeats}},
		{"abcabcabcabcabc", []Reason{Common, Repeats}},
		{"xkwpxkwpxkwpxkwp", []Reason{Repeats}},
		{"vfkwpzvfkwpz", []Reason{Repeats}},

		{"kisanna-1985-03", []Reason{Username, Common}},
		{"zebra kettő KISANNA hajnal", []Reason{Username}},
		{"AnnaKiss12345!", []Reason{Username}},
		{"kiss.anna.lena", []Reason{Username}},
	} {
		if diff := cmp.Diff(reorder(c.want), policy.Check(c.password, owner)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.password, diff)
		}
	}
}

// reorder puts reasons into the order that Check promises.
func reorder(reasons []Reason) []Reason {
	var out []Reason
	for _, r := range []Reason{Short, Long, Username, Repeats, Common} {
		for _, have := range reasons {
			if have == r {
				out = append(out, r)
			}
		}
	}
	return out
}

// Length is counted in code points of the normalised text (NIST SP 800-63B-4,
// 3.1.1.2), so twelve Hungarian letters are twelve, however they were typed.
func TestPolicyCountsCodePoints(t *testing.T) {
	policy := Policy{Min: 12, Max: 12}
	composed := "őzgüzüíkáféq"
	decomposed := strings.NewReplacer("ő", "ő", "ü", "ü", "í", "í", "á", "á", "é", "é").Replace(composed)
	for _, password := range []string{composed, decomposed} {
		if got := policy.Check(password, Owner{}); got != nil {
			t.Errorf("%q: %v", password, got)
		}
	}
}

func FuzzPolicy(f *testing.F) {
	f.Add("Jelszó123456", "KisAnna")
	f.Add("1!1!1!1!1!1!", "")
	f.Add("\xff\xfe", "\xff\xfe\xfd\xfc")
	policy := Policy{Min: 12, Max: 128}
	f.Fuzz(func(t *testing.T, password, username string) {
		again := policy.Check(Normalise(password), Owner{Username: username})
		if diff := cmp.Diff(policy.Check(password, Owner{Username: username}), again); diff != "" {
			t.Errorf("%q is judged differently once normalised: %s", password, diff)
		}
	})
}
