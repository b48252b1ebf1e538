package office

import (
	"errors"
	"net/http"
	"path"
	"slices"

	"kapu/internal/identity"
	desk "kapu/internal/registration/office"
	"kapu/internal/store"
	"kapu/internal/web"
)

const reviews = home + "/reviews"

func (x *Room) reviewRoutes() map[string]deskFunc {
	return map[string]deskFunc{
		"GET " + reviews:                     x.reviews,
		"GET " + reviews + "/{review}":       x.showReview,
		"POST " + reviews + "/{review}/open": x.openReview,
		"GET " + reviews + "/{review}/open":  back,
		"POST " + reviews + "/{review}":      x.judge,
	}
}

// reviewsData is the dot of the list of what waits for review.
type reviewsData struct {
	Reviews desk.Page[reviewData]
	Next    string
	Done    bool // a verdict was just given
}

func (x *Room) reviews(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	list, err := x.Desk.Reviews(r.Context(), k, after(r))
	if err != nil {
		return err
	}
	d := reviewsData{Reviews: reviewsOf(list), Next: nextPage(reviews, list.After), Done: r.URL.Query().Has("done")}
	x.pages.Show(w, r, http.StatusOK, "reviews", web.View{Data: d})
	return nil
}

func reviewsOf(list desk.Page[desk.Review]) (p desk.Page[reviewData]) {
	p.After = list.After
	for _, r := range list.Lines {
		p.Lines = append(p.Lines, reviewOf(r))
	}
	return p
}

// reviewData is the dot of a review.
type reviewData struct {
	desk.Review
	Base string
}

func reviewOf(r desk.Review) reviewData { return reviewData{r, reviews + "/" + r.ID} }

// actWord is the name of an act, for its texts; those that this room does not know have one.
func (d reviewData) ActWord() string { return actWord(d.Act) }

// WhyWord is the stated reason, for its text.
func (d reviewData) WhyWord() string {
	if slices.Contains(desk.Reasons(), d.Acted.Reason) {
		return "office.why." + d.Acted.Reason
	}
	if slices.Contains(reasons, d.Acted.Reason) {
		return "office.reason." + d.Acted.Reason
	}
	return "office.why.none"
}

func actWord(act string) string {
	if slices.Contains(desk.Acts(), desk.Act(act)) || slices.Contains([]string{string(desk.IssueCardCode), "finalise", "close-out", "report"}, act) {
		return act
	}
	return "unknown"
}

// showReview shows what was done to whom and why to whoever opened the review;
// to others no more than that it waits.
func (x *Room) showReview(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	review, err := x.Desk.Review(r.Context(), k, r.PathValue("review"))
	if err != nil {
		return x.unreviewed(w, r, err)
	}
	return x.reviewPage(w, r, http.StatusOK, k, review, nil)
}

func (x *Room) reviewPage(w http.ResponseWriter, r *http.Request, status int, k desk.Clerk, review desk.Review, f *web.Form) error {
	page := "review"
	switch {
	case review.State != store.ReviewOpen:
		page = "reviewed"
	case review.Reviewer != k.Account:
		page = "reviewask"
	}
	x.pages.Show(w, r, status, page, web.View{Form: f, Data: reviewOf(review)})
	return nil
}

// openReview opens a review, which the citizen will read in their ledger.
func (x *Room) openReview(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	if _, err := web.ReadForm(w, r); err != nil {
		return err
	}
	if err := x.Desk.OpenReview(r.Context(), k, r.PathValue("review")); err != nil {
		return x.unreviewed(w, r, err)
	}
	return web.SeeOther(w, r, path.Dir(r.URL.Path))
}

// judge gives the verdict.
func (x *Room) judge(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, web.Field{Name: "verdict", Max: longestShort}, web.Field{Name: "words", Max: longestPlace})
	if err != nil {
		return err
	}
	err = x.Desk.Judge(r.Context(), k, r.PathValue("review"), f.Value("verdict"), f.Value("words"))
	var invalid *identity.Invalid
	if errors.As(err, &invalid) {
		f.Fail(invalid.Field, "office.review."+invalid.Field+".missing")
		review, err := x.Desk.Review(r.Context(), k, r.PathValue("review"))
		if err != nil {
			return x.unreviewed(w, r, err)
		}
		return x.reviewPage(w, r, http.StatusUnprocessableEntity, k, review, f)
	}
	if err != nil {
		return x.unreviewed(w, r, err)
	}
	return web.SeeOther(w, r, reviews+"?done")
}

// unreviewed makes a page of what went wrong with a review.
func (x *Room) unreviewed(w http.ResponseWriter, r *http.Request, err error) error {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return web.NotFound()
	case errors.Is(err, desk.ErrErased):
		return web.Expired("office.review.erased")
	case errors.Is(err, desk.ErrNotOpened), errors.Is(err, store.ErrStale):
		return web.SeeOther(w, r, reviews+"/"+r.PathValue("review"))
	}
	return err
}
