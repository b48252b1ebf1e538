package app

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kapu/internal/job"
	"kapu/internal/store"
)

// JobState is a job and what the book says of it.
type JobState struct {
	store.Job
	Next time.Time // zero: as soon as the gateway runs
}

// Jobs tells how the work that comes round stands, in the order in which it is started.
func (a *App) Jobs(ctx context.Context) ([]JobState, error) {
	book := map[string]store.Job{}
	err := a.DB.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Jobs()
		for _, j := range all {
			book[j.Name] = j
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	var states []JobState
	for _, j := range a.jobs() {
		s := JobState{Job: book[j.Name]}
		s.Name = j.Name
		if !s.Began.IsZero() {
			s.Next = s.Began.Add(j.Every)
		}
		states = append(states, s)
	}
	return states, nil
}

// Round does once all the work whose time has come, as [App.Run] does again and
// again: for whoever moves the clock and will not wait for the next tick.
func (a *App) Round(ctx context.Context) (err error) {
	runner := job.New(job.Config{DB: a.DB, Now: a.Now, Log: a.Log})
	for _, j := range a.jobs() {
		_, fault := runner.Once(ctx, j)
		err = errors.Join(err, fault)
	}
	return err
}

// jobMetrics tells the book of jobs to whoever scrapes; it is the same whichever
// process answers.
type jobMetrics struct{ app *App }

var (
	jobSucceeded = prometheus.NewDesc("kapu_job_last_success_timestamp_seconds", "When the job last ended well.", []string{"job"}, nil)
	jobDuration  = prometheus.NewDesc("kapu_job_duration_seconds", "How long the job's last run took that ended well.", []string{"job"}, nil)
	jobDone      = prometheus.NewDesc("kapu_job_done_total", "What the job has done in all.", []string{"job"}, nil)
	jobFailing   = prometheus.NewDesc("kapu_job_failing", "1 if the job's last run had a fault.", []string{"job"}, nil)
)

// Describe implements prometheus.Collector.
func (jobMetrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{jobSucceeded, jobDuration, jobDone, jobFailing} {
		out <- d
	}
}

// Collect implements prometheus.Collector. A book that cannot be read gives
// nothing: an alarm on absence notices.
func (m jobMetrics) Collect(out chan<- prometheus.Metric) {
	states, err := m.app.Jobs(context.Background())
	if err != nil {
		return
	}
	for _, s := range states {
		failing := 0.0
		if s.Fault != "" {
			failing = 1
		}
		out <- prometheus.MustNewConstMetric(jobFailing, prometheus.GaugeValue, failing, s.Name)
		out <- prometheus.MustNewConstMetric(jobDone, prometheus.CounterValue, float64(s.Total), s.Name)
		if s.Ended.IsZero() {
			continue
		}
		out <- prometheus.MustNewConstMetric(jobSucceeded, prometheus.GaugeValue, float64(s.Ended.UnixMilli())/1000, s.Name)
		if took, known := s.Took(); known {
			out <- prometheus.MustNewConstMetric(jobDuration, prometheus.GaugeValue, took.Seconds(), s.Name)
		}
	}
}
