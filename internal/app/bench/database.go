package bench

import (
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// backends are the processes of a PostgreSQL server on this machine that work
// for one database. PostgreSQL writes into their titles which one that is.
type backends struct{ database string }

// backendsOf finds them by the address of the database; SQLite has none.
func backendsOf(dsn string) backends {
	u, err := url.Parse(dsn)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		return backends{}
	}
	return backends{strings.TrimPrefix(u.Path, "/")}
}

func (b backends) pids() (found []int) {
	if b.database == "" {
		return nil
	}
	titles, _ := filepath.Glob("/proc/[0-9]*/cmdline") // the pattern is sound
	for _, path := range titles {
		title, err := os.ReadFile(path) // it may have ended meanwhile
		if err != nil || !strings.HasPrefix(string(title), "postgres: ") || !strings.Contains(string(title), " "+b.database+" ") {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
			found = append(found, pid)
		}
	}
	return found
}

// cpu is the processor time that they have used, those that have ended left out.
func (b backends) cpu() (sum time.Duration) {
	for _, pid := range b.pids() {
		if used, err := processorTime(pid); err == nil {
			sum += used
		}
	}
	return sum
}

// hold holds them to a core, and says whether that was allowed.
func (b backends) hold(core int) bool {
	var one unix.CPUSet
	one.Set(core)
	for _, pid := range b.pids() {
		if unix.SchedSetaffinity(pid, &one) != nil {
			return false
		}
	}
	return true
}
