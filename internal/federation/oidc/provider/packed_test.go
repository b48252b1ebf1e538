package provider

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fillIn fills every field that a struct has, however deep.
func fillIn(v reflect.Value, n *int64) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fillIn(reflect.NewAt(v.Field(i).Type(), v.Field(i).Addr().UnsafePointer()).Elem(), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fillIn(v.Index(0), n)
		fillIn(v.Index(1), n)
	case reflect.String:
		v.SetString(string(rune('a' + *n%26)))
	case reflect.Bool:
		v.SetBool(true)
	default:
		v.SetInt(-*n << 40)
	}
}

func packables() map[string][2]packable {
	return map[string][2]packable{
		"code": {new(code), new(code)}, "access": {new(access), new(access)}, "refresh": {new(refresh), new(refresh)},
	}
}

func TestWhatIsPackedIsReadBackToTheLastField(t *testing.T) {
	shown := cmp.AllowUnexported(code{}, refresh{})
	for name, p := range packables() {
		for _, state := range []string{"empty", "full"} {
			if state == "full" {
				var n int64
				fillIn(reflect.ValueOf(p[0]).Elem(), &n)
			}
			raw := pack(p[0])
			if !unpack(raw, p[1]) {
				t.Fatalf("%s, %s: cannot be read", name, state)
			}
			if d := cmp.Diff(p[0], p[1], shown); d != "" {
				t.Errorf("%s, %s:\n%s", name, state, d)
			}
			for cut := range raw {
				if unpack(raw[:cut], packables()[name][1]) {
					t.Errorf("%s, %s: the first %d of %d bytes pass for the whole", name, state, cut, len(raw))
				}
			}
			if unpack(append(raw, 0), packables()[name][1]) {
				t.Errorf("%s, %s: a byte too many", name, state)
			}
		}
	}
}

// What is read was sealed by us; should it not have been, nothing must break.
func FuzzUnpack(f *testing.F) {
	for _, p := range packables() {
		var n int64
		fillIn(reflect.ValueOf(p[0]).Elem(), &n)
		f.Add(pack(p[0]))
	}
	f.Add([]byte{packedForm, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, raw []byte) {
		for name, p := range packables() {
			if unpack(raw, p[0]) && !unpack(pack(p[0]), p[1]) {
				t.Errorf("%s: what was read cannot be written", name)
			}
		}
	})
}
