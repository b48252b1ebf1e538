package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// process is a child held to one core. It ends when its standard input does: so
// it never outlives this program, however that ends.
type process struct{ cmd *exec.Cmd }

// child is this very program with other arguments and one processor, not started yet.
func child(args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	cmd.Stderr = os.Stderr
	_, err = cmd.StdinPipe() // held open until we end
	return &process{cmd}, err
}

// untilOrphaned is ctx until the program that started this one has ended.
func untilOrphaned(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // the end is all that matters
		cancel()
	}()
	return ctx
}

// onCore calls f from a thread that may run on one core only; a process that
// f starts inherits that.
func onCore(core int, f func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	one.Set(core)
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		return err
	}
	err := f()
	return errors.Join(err, unix.SchedSetaffinity(0, &before))
}

// stayOff keeps this process off a core, if there are others.
func stayOff(core int) error {
	var others unix.CPUSet
	if err := unix.SchedGetaffinity(0, &others); err != nil {
		return err
	}
	if others.Clear(core); others.Count() == 0 {
		return nil
	}
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	for _, t := range threads {
		id, err := strconv.Atoi(t.Name())
		if err != nil {
			return err
		}
		if err := unix.SchedSetaffinity(id, &others); err != nil && !errors.Is(err, unix.ESRCH) {
			return err
		}
	}
	return nil
}

func (p *process) stop() error {
	if err := p.cmd.Process.Signal(unix.SIGTERM); err != nil {
		return err
	}
	return p.cmd.Wait()
}

// ticks is how many times a second the kernel counts processor time (USER_HZ).
const ticks = 100

// cpu is the processor time that the process has used.
func (p *process) cpu() (time.Duration, error) { return processorTime(p.cmd.Process.Pid) }

func processorTime(pid int) (time.Duration, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The second field is in parentheses and may hold blanks (proc(5)).
	fields := strings.Fields(string(data)[strings.LastIndexByte(string(data), ')')+1:])
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / ticks, errors.Join(err1, err2)
}

// ownTime is the processor time that this process has used.
func ownTime() time.Duration {
	var u unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &u) // never fails for oneself
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident is the memory that the process holds, in bytes, and peak the most that
// it held since restPeak.
func (p *process) resident() (int64, error) { return p.memory("VmRSS:") }
func (p *process) peak() (int64, error)     { return p.memory("VmHWM:") }

// restPeak has the kernel look anew for the most (proc(5), clear_refs).
func (p *process) restPeak() error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0)
}

func (p *process) memory(line string) (int64, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if kib, ok := strings.CutPrefix(s.Text(), line); ok {
			n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(kib), " kB"), 10, 64)
			return n << 10, err
		}
	}
	return 0, errors.New("bench: the kernel does not say how much memory the process holds")
}

// readyLimit is how long a server may take to answer.
const readyLimit = 30 * time.Second

// ready waits until the server answers, and says how long that took.
func ready(ctx context.Context, issuer string) (time.Duration, error) {
	begun := time.Now()
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, issuer+"/readyz", nil)
		if err != nil {
			return 0, err
		}
		if res, err := http.DefaultClient.Do(r); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return time.Since(begun), nil
			}
		}
		if ctx.Err() != nil {
			return 0, fmt.Errorf("bench: the server does not answer: %w", ctx.Err())
		}
		time.Sleep(2 * time.Millisecond)
	}
}
