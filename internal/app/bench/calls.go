package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"time"

	telephones "kapu/internal/simulator/caller"
	"kapu/internal/telephone"
	"kapu/internal/telephone/g711"
)

// CallsOptions of a measurement of the telephone line.
type CallsOptions struct {
	Calls   int           // at once
	Rate    int           // new ones a second
	Time    time.Duration // that all of them are held
	Profile string        // file for the server's processor profile; "" for none
	Out     io.Writer
}

// What the line is held to.
const (
	answerTarget = 50 * time.Millisecond
	slotTarget   = 20 * time.Millisecond
	memoryTarget = 256 << 10
)

// Calls calls a line in another process, held to one core, from so many
// telephones, and prints how it held out.
func Calls(ctx context.Context, o CallsOptions) error {
	listen, err := freeAddress()
	if err != nil {
		return err
	}
	address, err := netip.ParseAddrPort(listen)
	if err != nil {
		return err
	}
	server, err := child("bench", "line", listen, "--profile="+o.Profile)
	if err != nil {
		return err
	}
	var told strings.Builder
	server.cmd.Stdout = &told
	if err := onCore(serverCore, server.cmd.Start); err != nil {
		return err
	}
	if err := stayOff(serverCore); err != nil {
		return errors.Join(err, server.stop())
	}
	f := &callFigures{}
	err = f.measure(ctx, o, server, address)
	if err := errors.Join(err, server.stop()); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(told.String()), &f.own); err != nil {
		return fmt.Errorf("bench: the line's own figures: %w", err)
	}
	f.print(o)
	return nil
}

// callFigures are what was found.
type callFigures struct {
	answered       []time.Duration
	late           []time.Duration
	sent, missing  int
	idle, resident int64
	cpu            time.Duration
	own            lineFigures
}

// lineFigures are what the line says of itself.
type lineFigures struct {
	Frames  uint64
	Skipped int64
	Within  map[string]uint64 // frames sent within a bound after their time
}

func (f *callFigures) measure(ctx context.Context, o CallsOptions, server *process, line netip.AddrPort) (err error) {
	if err := lineReady(ctx, line); err != nil {
		return err
	}
	if f.idle, err = server.resident(); err != nil {
		return err
	}
	ears := make([]*ear, 0, o.Calls)
	var calls []*telephones.Call
	defer func() { hangUpAll(calls) }()
	tick := time.NewTicker(time.Second / time.Duration(max(1, o.Rate)))
	defer tick.Stop()
	for range o.Calls {
		<-tick.C
		e := &ear{}
		c, err := telephones.Dial(telephones.Config{Line: line, Network: "udp", Dial: "1818", Events: 101, Heard: e.hear, Now: time.Now})
		if err != nil {
			return err
		}
		calls, ears, f.answered = append(calls, c), append(ears, e), append(f.answered, c.Took)
	}
	before, err := server.cpu()
	if err != nil {
		return err
	}
	for _, e := range ears {
		e.begin()
	}
	f.hold(ctx, o, calls)
	for _, e := range ears {
		e.end(f)
	}
	after, err := server.cpu()
	if err != nil {
		return err
	}
	f.cpu = after - before
	f.resident, err = server.resident()
	return err
}

// hold keeps all calls up for a time, in which every caller presses a key now and then.
func (f *callFigures) hold(ctx context.Context, o CallsOptions, calls []*telephones.Call) {
	end := time.After(o.Time)
	tick := time.NewTicker(2 * time.Second / time.Duration(len(calls)))
	defer tick.Stop()
	for i := 0; ctx.Err() == nil; i++ {
		select {
		case <-end:
			return
		case <-tick.C:
			calls[i%len(calls)].Press("5")
		}
	}
}

func hangUpAll(calls []*telephones.Call) {
	var all sync.WaitGroup
	for _, c := range calls {
		all.Go(func() { _ = c.HangUp() }) // the measurement is over
	}
	all.Wait()
}

// lineReady waits until the line takes a call.
func lineReady(ctx context.Context, line netip.AddrPort) error {
	for begun := time.Now(); time.Since(begun) < readyLimit && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		if c, err := telephones.Dial(telephones.Config{Line: line, Network: "udp", Dial: "1818", Patience: 500 * time.Millisecond, Now: time.Now}); err == nil {
			return c.HangUp()
		}
	}
	return errors.New("bench: the line does not answer")
}

// ear notes when which packet of one call came.
type ear struct {
	mu      sync.Mutex
	on      bool
	first   uint16
	arrived []time.Time // by the packet's place; zero for one that has not come
	came    int
}

func (e *ear) begin() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.on = true
}

func (e *ear) hear(at time.Time, seq uint16, _ []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.on {
		return
	}
	if len(e.arrived) == 0 {
		e.first = seq
	}
	place := int(seq - e.first)
	for len(e.arrived) <= place && place < 1<<15 {
		e.arrived = append(e.arrived, time.Time{})
	}
	if place < len(e.arrived) && e.arrived[place].IsZero() {
		e.arrived[place] = at
		e.came++
	}
}

// end adds up how much later than its slot each packet came. The slots are 20
// ms apart, and begin so that nothing came before its own.
func (e *ear) end(f *callFigures) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.on = false
	const slot = 20 * time.Millisecond
	var begin time.Time
	for i, at := range e.arrived {
		if start := at.Add(-time.Duration(i) * slot); !at.IsZero() && (begin.IsZero() || start.Before(begin)) {
			begin = start
		}
	}
	for i, at := range e.arrived {
		if !at.IsZero() {
			f.late = append(f.late, at.Sub(begin.Add(time.Duration(i)*slot)))
		}
	}
	f.sent += len(e.arrived)
	f.missing += len(e.arrived) - e.came
}

func (f *callFigures) print(o CallsOptions) {
	slices.Sort(f.answered)
	slices.Sort(f.late)
	each := (f.resident - f.idle) / int64(o.Calls)
	at := func(of []time.Duration, share int) time.Duration {
		if len(of) == 0 {
			return 0
		}
		return of[(len(of)-1)*share/100].Round(10 * time.Microsecond)
	}
	w := o.Out
	fmt.Fprintf(w, "%d calls at once for %v, each pressing a key every two seconds; %.0f %% of the line's core\n", o.Calls, o.Time, 100*f.cpu.Seconds()/o.Time.Seconds())
	row := func(name, found, target string, kept bool) {
		word := "kept"
		if !kept {
			word = "MISSED"
		}
		fmt.Fprintf(w, "%-34s %-44s target %-10s %s\n", name, found, target, word)
	}
	row(fmt.Sprintf("INVITE answered, at %d a second", o.Rate), fmt.Sprintf("half within %v, 99 %% within %v, all within %v", at(f.answered, 50), at(f.answered, 99), at(f.answered, 100)), answerTarget.String(), at(f.answered, 99) <= answerTarget)
	row("packet heard after its slot", fmt.Sprintf("half within %v, 99 %% within %v, all within %v", at(f.late, 50), at(f.late, 99), at(f.late, 100)), slotTarget.String(), at(f.late, 99) <= slotTarget && f.missing*100 <= f.sent)
	row("packets missing", fmt.Sprintf("%d of %d", f.missing, f.sent), "1 %", f.missing*100 <= f.sent)
	row("packet sent after its slot", fmt.Sprintf("%.3f %% of %d later than 20 ms, %d left out", 100-100*float64(f.own.Within["0.02"])/float64(max(1, f.own.Frames)), f.own.Frames, f.own.Skipped), "1 %", f.own.Frames-f.own.Within["0.02"] <= f.own.Frames/100)
	row("memory a call", fmt.Sprintf("%d KiB (%d MiB idle, %d MiB with all)", each>>10, f.idle>>20, f.resident>>20), "256 KiB", each <= memoryTarget)
}

// Line is the line's process: it plays to whoever calls from this machine, and
// says at its end how it held out.
func Line(ctx context.Context, address, profile string) error {
	ctx = untilOrphaned(ctx)
	if profile != "" {
		file, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer file.Close()
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	l, err := telephone.Open(telephone.Config{
		Listen: address, Calls: 1000, FirstPort: 30000, LastPort: 39999, Now: time.Now, Log: quiet,
		Trunks: []telephone.Trunk{{Name: "bench", Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}},
		Open:   func(telephone.Call) telephone.Conversation { return monologue{} },
	})
	if err != nil {
		return err
	}
	l.Run(ctx)
	within, n, _ := l.Counts.Lateness()
	own := lineFigures{Frames: n, Skipped: l.Counts.Skipped.Load(), Within: map[string]uint64{}}
	for bound, frames := range within {
		own.Within[fmt.Sprint(bound)] = frames
	}
	return json.NewEncoder(os.Stdout).Encode(own)
}

// monologue plays on and on; a key makes it begin again.
type monologue struct{}

// prompt is ten seconds of sound.
var prompt = make([]byte, 10*g711.Rate)

func (monologue) Start() []telephone.Action {
	return []telephone.Action{telephone.Say{Parts: [][]byte{prompt, prompt, prompt, prompt, prompt, prompt}}}
}
func (m monologue) Digit(rune) []telephone.Action { return m.Start() }
func (m monologue) Silence() []telephone.Action   { return m.Start() }
func (monologue) HangUp()                         {}
