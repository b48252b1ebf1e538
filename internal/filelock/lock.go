//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

// Package filelock owns a lock between processes: one of them at a time has a
// file. It ends with the process, however that ends. It refuses to remove the
// file: that would let two processes hold two files of one name.
package filelock

import (
	"os"
	"syscall"
)

// Hold takes the file, making it if need be, until it is closed or the process
// ends. An error: another process has it.
func Hold(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
