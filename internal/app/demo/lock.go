//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package demo

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// lockName is the file that a running demo holds. It stays: removing it would
// let two demos hold two files of one name.
const lockName = "lock"

// lock keeps the folder for this demo until the file is closed or the process
// ends: two would take each other's mail, and --fresh would pull the data away.
func lock(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("demo: another demo is running on the data in %s; end it, or choose another folder with --data DIR: %w", dir, err)
	}
	return f, nil
}
