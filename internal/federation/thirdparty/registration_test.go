package thirdparty

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
	"time"
)

// A service registers by itself with openid-client, signs somebody in, and looks
// after its registration (RFC 7591, RFC 7592).
func TestRegistrationByOpenIDClient(t *testing.T) {
	n := startNode(t)
	b, _ := in(t)
	d := open(t)
	token, err := d.App.MakeServiceToken(t.Context(), 1, time.Hour)
	check(t, err)
	metadata := with{"client_name": "Magától jött", "redirect_uris": []string{comeBack}, "id_token_signed_response_alg": "ES256"}
	made := n.does("register", with{"issuer": d.Issuer, "initial": token, "metadata": metadata, "auth": with{"method": ""}})
	address, own := text(made, "registration_client_uri"), text(made, "registration_access_token")
	if made["client_id"] == "" || address == "" || own == "" || made["client_secret"] == nil {
		t.Fatalf("registered as %v", made)
	}
	n.fails("invalid_token", "register", with{"issuer": d.Issuer, "initial": token, "metadata": metadata})

	n.does("connect", with{"issuer": d.Issuer, "client_id": made["client_id"], "auth": with{"method": made["token_endpoint_auth_method"], "secret": made["client_secret"]}})
	trial := trial{node: n, b: b}
	trial.signsIn(nil, nil)
	if info := trial.does("userinfo", nil); len(info) != 1 {
		t.Errorf("who registers by itself is told a pseudonym, not %v", info)
	}

	if status, read := manage(t, http.MethodGet, address, own, nil); status != http.StatusOK || read["client_name"] == "" {
		t.Errorf("read: %d %v", status, read)
	}
	metadata["client_id"], metadata["redirect_uris"] = made["client_id"], []string{comeBack, comeBack + "2"}
	if status, changed := manage(t, http.MethodPut, address, own, metadata); status != http.StatusOK || len(changed["redirect_uris"].([]any)) != 2 {
		t.Errorf("changed: %d %v", status, changed)
	}
	if status, _ := manage(t, http.MethodDelete, address, own, nil); status != http.StatusNoContent {
		t.Errorf("removed: %d", status)
	}
	if status, _ := manage(t, http.MethodGet, address, own, nil); status != http.StatusUnauthorized {
		t.Errorf("after its end: %d", status)
	}
}

// manage asks the registration's own address (RFC 7592, 2).
func manage(t testing.TB, method, address, token string, body with) (status int, answer map[string]any) {
	t.Helper()
	var sent bytes.Buffer
	if body != nil {
		check(t, json.NewEncoder(&sent).Encode(body))
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, &sent)
	check(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	check(t, err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusNoContent {
		check(t, json.NewDecoder(res.Body).Decode(&answer))
	}
	return res.StatusCode, answer
}
