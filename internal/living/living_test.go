package living

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// shelf is a Store with the test's clock.
type shelf struct {
	mu     sync.Mutex
	now    time.Time
	values map[string]kept
	writes int
}

type kept struct {
	value []byte
	until time.Time
}

func (s *shelf) Get(_ context.Context, key string) ([]byte, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, found := s.values[key]
	return k.value, found && s.now.Before(k.until), nil
}

func (s *shelf) CompareAndSwap(_ context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, found := s.values[key]
	if found = found && s.now.Before(k.until); found != (old != nil) || found && !bytes.Equal(k.value, old) {
		return false, nil
	}
	s.writes++
	s.values[key] = kept{value, s.now.Add(ttl)}
	return true, nil
}

func newRegister() (Register, *shelf) {
	s := &shelf{now: time.Date(2026, 5, 2, 9, 0, 0, 0, time.UTC), values: map[string]kept{}}
	return Register{Store: s, Key: func(p string) string { return "sessions/" + p }, Now: func() time.Time { return s.now }}, s
}

const (
	most = 5
	life = 8 * time.Hour
)

// model is what a list should be: the truth, kept the simple way.
type model struct {
	alive []Session
	next  int
}

func (m *model) expire(now time.Time) {
	m.alive = slices.DeleteFunc(m.alive, func(s Session) bool { return !now.Before(s.Until) })
}

// TestTheListIsAlwaysWhatIsAlive: whatever begins, moves, ends and expires, in
// whatever order, the list says what lives, and nothing that was ended comes back.
func TestTheListIsAlwaysWhatIsAlive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, s := newRegister()
		people := map[string]*model{"anna": {}, "béla": {}}
		var ended []string
		who := rapid.SampledFrom([]string{"anna", "béla"})
		some := func(t *rapid.T, m *model) string {
			ids := append([]string{"nobody"}, ended...)
			for _, a := range m.alive {
				ids = append(ids, a.ID)
			}
			return rapid.SampledFrom(ids).Draw(t, "session")
		}
		t.Repeat(map[string]func(*rapid.T){
			"begin": func(t *rapid.T) {
				person := who.Draw(t, "who")
				m := people[person]
				m.next++
				begun := Session{ID: fmt.Sprint(person, m.next), Key: fmt.Sprint("key", m.next), Until: s.now.Add(life)}
				over, err := r.Begin(t.Context(), person, begun, most)
				m.alive = append(m.alive, begun)
				cut := max(0, len(m.alive)-most)
				if diff := cmp.Diff(m.alive[:cut], over, cmp.Transformer("", names)); err != nil || diff != "" {
					t.Fatalf("over: %v\n%s", err, diff)
				}
				m.alive = m.alive[cut:]
			},
			"move": func(t *rapid.T) {
				person := who.Draw(t, "who")
				m := people[person]
				id := some(t, m)
				lives, err := r.Move(t.Context(), person, id, id+"'")
				i := slices.IndexFunc(m.alive, func(a Session) bool { return a.ID == id })
				if err != nil || lives != (i >= 0) {
					t.Fatalf("%s lives: %v, %v", id, lives, err)
				}
				if i >= 0 {
					m.alive[i].Key = id + "'"
				}
			},
			"end": func(t *rapid.T) {
				person := who.Draw(t, "who")
				m := people[person]
				id, want := some(t, m), ""
				m.alive = slices.DeleteFunc(m.alive, func(a Session) bool {
					if a.ID == id {
						want = a.Key
					}
					return a.ID == id
				})
				ended = append(ended, id)
				if key, err := r.End(t.Context(), person, id); err != nil || key != want {
					t.Fatalf("%s was kept at %q, not at %q: %v", id, key, want, err)
				}
			},
			"wait": func(t *rapid.T) {
				s.now = s.now.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "minutes")) * time.Minute)
				for _, m := range people {
					m.expire(s.now)
				}
			},
			"": func(t *rapid.T) {
				for person, m := range people {
					list, err := r.List(t.Context(), person)
					if diff := cmp.Diff(m.alive, list, cmp.Transformer("", names)); err != nil || diff != "" {
						t.Fatalf("%s: %v\n%s", person, err, diff)
					}
				}
			},
		})
	})
}

func names(list []Session) (all []string) {
	for _, s := range list {
		all = append(all, s.ID+" at "+s.Key)
	}
	return all
}

func TestThoseWhoComeAtOnceAllStandOnTheList(t *testing.T) {
	r, _ := newRegister()
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			_, err := r.Begin(context.Background(), "anna", Session{ID: fmt.Sprint(i), Until: r.Now().Add(life)}, 100)
			if err != nil && !errors.Is(err, ErrContended) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if list, err := r.List(t.Context(), "anna"); err != nil || len(list) != 8 {
		t.Errorf("%d on the list, %v", len(list), err)
	}
}

func TestReadingWritesNothing(t *testing.T) {
	r, s := newRegister()
	if _, err := r.End(t.Context(), "anna", "nobody"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.List(t.Context(), "anna"); err != nil || s.writes != 0 {
		t.Errorf("%d writes, %v", s.writes, err)
	}
}
