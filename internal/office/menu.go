package office

import "kapu/internal/web"

// Menu is the header's menu of a clerk, for [web.Config].
func Menu() []web.Link {
	return []web.Link{{URL: home, Key: "office.menu.home"}, {URL: accounts, Key: "office.menu.accounts"}, {URL: reviews, Key: "office.menu.reviews"}, {URL: reported, Key: "office.menu.reports"}}
}
