package main

import (
	"strings"
	"testing"
	"time"

	"kapu/internal/app"
	"kapu/internal/store"
)

func TestJobsAreTold(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	began := now.Add(-30 * time.Second)
	var out strings.Builder
	err := printJobs(&out, []app.JobState{
		{Job: store.Job{Name: "life", Began: began, Ended: began.Add(1500 * time.Millisecond), Done: 12, Total: 345}, Next: began.Add(time.Minute)},
		{Job: store.Job{Name: "acts", Began: began, Lease: now.Add(time.Minute)}, Next: began.Add(time.Minute)},
		{Job: store.Job{Name: "lapse", Began: began, Ended: began.Add(-time.Hour), Fault: "timeout"}, Next: began.Add(time.Minute)},
		{Job: store.Job{Name: "names"}},
	}, now)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"JOB LAST RAN TOOK DONE IN ALL NEXT FAULT",
		"life 2026-03-02 09:59:30 1.5s 12 345 2026-03-02 10:00:30",
		"acts 2026-03-02 09:59:30 running 0 0 2026-03-02 10:00:30",
		"lapse 2026-03-02 09:59:30 – 0 0 2026-03-02 10:00:30 timeout",
		"names never – 0 0 at the next start",
	} {
		if got := strings.Join(strings.Fields(strings.Split(out.String(), "\n")[i]), " "); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
